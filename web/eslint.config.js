/** What the linter refuses. The layers (routes, features, fields, ui and api) are rules here, not habits. */
import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const layer = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns }] },
});

export default defineConfig(
  globalIgnores(["dist", "src/api/schema.d.ts"]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat["recommended-latest"],
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
      // Routers answer by throwing a redirect or a not-found.
      "@typescript-eslint/only-throw-error": "off",
    },
  },
  layer(
    ["src/ui/**", "src/api/**", "src/texts/**"],
    [{ regex: "/(features|fields|routes)/", message: "ui, api and texts know nothing of what is built from them." }],
  ),
  layer(
    ["src/fields/**"],
    [{ regex: "/(features|routes)/", message: "Fields know nothing of the screens they stand on." }],
  ),
  layer(
    ["src/features/**"],
    [
      { regex: "/routes/", message: "A feature knows nothing of its route." },
      { regex: "^\\.\\./(?!\\.\\.)", message: "A feature imports no other feature; the route puts them together." },
    ],
  ),
  { files: ["**/*.js"], extends: [tseslint.configs.disableTypeChecked] },
  {
    files: ["public/**"],
    languageOptions: { globals: { document: "readonly", localStorage: "readonly", matchMedia: "readonly" } },
  },
);
