// Where the phone is, when it says so. Never waited for, never required.

let latest = null;
let latestAt = 0;
let isAsked = false;

/** Ask once, at the first photo: the browser shows its own question. */
export function watchPosition() {
  if (isAsked || !navigator.geolocation) return;
  isAsked = true;
  navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      latest = {
        latitude: coords.latitude.toFixed(5),
        longitude: coords.longitude.toFixed(5),
        accuracy: coords.accuracy.toFixed(1),
      };
      latestAt = timestamp;
    },
    () => {},
    { maximumAge: 60000, enableHighAccuracy: true },
  );
}

export function whereabouts() {
  return latest;
}

/** The same with its age in seconds: an old fix is told as an old fix. */
export function place(now = Date.now()) {
  return latest && { ...latest, age: Math.max(0, Math.round((now - latestAt) / 1000)) };
}
