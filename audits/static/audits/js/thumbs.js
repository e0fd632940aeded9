// A small picture of a large photo: forty camera files on one page would be more memory than a
// cheap phone has, and the tab that runs out of it is closed with the sheet in it.

const SIDE = 264; // three times the strip's 88 px

/** @param {Blob} file @returns {Promise<string>} an address to show */
export async function thumbnail(file) {
  try {
    const bitmap = await createImageBitmap(file, { resizeWidth: SIDE, resizeQuality: "medium" });
    const canvas = document.createElement("canvas");
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext("2d").drawImage(bitmap, 0, 0);
    bitmap.close();
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
    return URL.createObjectURL(small);
  } catch {
    return ""; // no picture, or a browser that cannot: the server will say which
  }
}
