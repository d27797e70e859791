/** What roles are called, and what each may do. */
import { t } from "i18next";
import { ROLES } from "../../api/people";

export function roleName(role: string): string {
  const known = ROLES.find((one) => one === role);
  return known === undefined ? role : t(`people:role.${known}`);
}

export function roleHint(role: string): string | undefined {
  const known = ROLES.find((one) => one === role);
  return known === undefined ? undefined : t(`people:roleHint.${known}`);
}
