/** Mantine dressed in the tokens of `tokens.css`: its components take the app's colours, sizes and type. */
import {
  createTheme,
  defaultVariantColorsResolver,
  type ButtonFactory,
  type CSSVariablesResolver,
  type DrawerFactory,
  type ExtendComponent,
  type InputFactory,
  type InputWrapperFactory,
  type MenuFactory,
  type ModalFactory,
  type PopoverFactory,
  type TooltipFactory,
} from "@mantine/core";

const FLOATING = { shadow: "md", radius: 10, transitionProps: { duration: 120 } };

export const theme = createTheme({
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontSizes: { xs: "11px", sm: "13px", md: "13px", lg: "15px", xl: "18px" },
  lineHeights: { xs: "1.35", sm: "1.45", md: "1.45" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  radius: { xs: "4px", sm: "6px", md: "6px", lg: "10px", xl: "10px" },
  headings: { fontWeight: "650", sizes: { h1: { fontSize: "18px" }, h2: { fontSize: "13px" } } },
  defaultRadius: "sm",
  // Mantine paints what floats, its borders and what is hovered with these: the greys of tokens.css, dark.
  colors: {
    dark: [
      "#e8eaf0",
      "#c6cbd6",
      "#aab1c0",
      "#6b7385",
      "#2a2f3a",
      "#262b35",
      "#1b1f28",
      "#15181f",
      "#101218",
      "#0b0d12",
    ],
  },
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 4 },
  variantColorResolver: (input) =>
    input.variant === "filled"
      ? { background: "var(--accent)", hover: "var(--accent-hover)", color: "var(--on-accent)", border: "transparent" }
      : defaultVariantColorsResolver(input),
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  // Described, not taken from the library: a component that no page shows yet is not loaded for its looks.
  components: {
    Button: {
      defaultProps: { size: "xs", variant: "default" },
      vars: () => ({ root: { "--button-height": "30px", "--button-fz": "13px", "--button-padding-x": "10px" } }),
      styles: { label: { fontWeight: 500 } },
    } satisfies ExtendComponent<ButtonFactory>,
    Input: {
      vars: () => ({ wrapper: { "--input-height": "30px", "--input-fz": "13px" } }),
    } satisfies ExtendComponent<InputFactory>,
    InputWrapper: {
      styles: { label: { fontWeight: 500, marginBottom: 4 }, error: { marginTop: 4 } },
    } satisfies ExtendComponent<InputWrapperFactory>,
    Modal: {
      defaultProps: { radius: 10, centered: true, transitionProps: { duration: 140 } },
    } satisfies ExtendComponent<ModalFactory>,
    Drawer: { defaultProps: { transitionProps: { duration: 160 } } } satisfies ExtendComponent<DrawerFactory>,
    // The focus begins at the first item; the placeholder for it would be no item of a menu.
    Menu: { defaultProps: { ...FLOATING, withInitialFocusPlaceholder: false } } satisfies ExtendComponent<MenuFactory>,
    Popover: { defaultProps: FLOATING } satisfies ExtendComponent<PopoverFactory>,
    Tooltip: {
      defaultProps: { openDelay: 300, transitionProps: { duration: 120 } },
    } satisfies ExtendComponent<TooltipFactory>,
  },
});

const colors = {
  "--mantine-color-body": "var(--bg)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-bright": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink3)",
  "--mantine-color-placeholder": "var(--ink3)",
  "--mantine-color-anchor": "var(--accent)",
  "--mantine-color-error": "var(--bad)",
  "--mantine-color-default": "var(--bg)",
  "--mantine-color-default-hover": "var(--line2)",
  "--mantine-color-default-color": "var(--ink)",
  "--mantine-color-default-border": "var(--line)",
  "--mantine-primary-color-filled": "var(--accent)",
  "--mantine-primary-color-filled-hover": "var(--accent-hover)",
  "--mantine-primary-color-light": "var(--accent-soft)",
  "--mantine-primary-color-light-color": "var(--accent)",
  "--mantine-primary-color-contrast": "var(--on-accent)",
};

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: { "--mantine-shadow-md": "var(--float)" },
  light: colors,
  dark: colors,
});
