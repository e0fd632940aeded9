// Each column keeps its selection in sight after the page came anew.

for (const row of document.querySelectorAll(".miller tr[aria-selected=true]")) {
  row.scrollIntoView({ block: "nearest" });
}
