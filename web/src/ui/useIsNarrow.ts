/** Whether the screen is a phone's: the sidebar is a bottom bar, panels are sheets, tables are two-line rows. */
import { useMediaQuery } from "@mantine/hooks";

export function useIsNarrow(): boolean {
  return useMediaQuery("(max-width: 719px)", false, { getInitialValueInEffect: false });
}
