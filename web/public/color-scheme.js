/** Sets light or dark before the first paint, so that a dark screen never flashes white. The key is the theme's. */
const chosen = localStorage.getItem("leadline-color-scheme");
const isDark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.documentElement.setAttribute("data-mantine-color-scheme", isDark ? "dark" : "light");
