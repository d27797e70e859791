/** The title of the browser's tab while a page is shown. */
import { useEffect } from "react";

export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = title === "" ? "Leadline" : `${title} · Leadline`;
  }, [title]);
}
