/** Which moves a lifecycle allows, as a table: from each stage, and from the beginning, to each stage. */
import { Checkbox } from "@mantine/core";
import { t } from "i18next";
import { colored } from "../../ui/palette";
import classes from "./Lifecycle.module.css";
import { allows, toggled, type SavedStage, type Transitions } from "./lifecycle";

interface Props {
  stages: SavedStage[];
  transitions: Transitions;
  isReadOnly: boolean;
  onChange: (transitions: Transitions) => void;
}

export function MoveMatrix({ stages, transitions, isReadOnly, onChange }: Props) {
  if (transitions === "any") return null;
  const rows = [{ value: null, label: t("settings:newRecord"), color: null }, ...stages];
  return (
    <div className={classes.matrixScroll} tabIndex={0} role="region" aria-label={t("settings:moves")}>
      <table className={classes.matrix}>
        <thead>
          <tr>
            <th scope="col">{t("settings:fromTo")}</th>
            {stages.map(({ value, label }) => (
              <th key={value} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((from) => (
            <tr key={from.value ?? ""}>
              <th scope="row">
                {from.value !== null && <span className={classes.dot} {...colored(from.color)} />}
                {from.label}
              </th>
              {stages.map((to) => (
                <td key={to.value}>
                  {from.value !== to.value && (
                    <Checkbox
                      size="xs"
                      aria-label={t("settings:move", { from: from.label, to: to.label })}
                      checked={allows(transitions, from.value, to.value)}
                      disabled={isReadOnly}
                      onChange={() => onChange(toggled(transitions, from.value, to.value))}
                    />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
