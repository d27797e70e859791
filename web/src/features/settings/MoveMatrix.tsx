/** Which moves a lifecycle allows: from each stage, and from the beginning, to each stage. */
import { Checkbox, Switch } from "@mantine/core";
import { t } from "i18next";
import { colored } from "../../ui/palette";
import type { OptionDraft } from "./drafts";
import classes from "./Lifecycle.module.css";
import { allows, everyMove, toggled, type Transitions } from "./lifecycle";

interface Props {
  stages: OptionDraft[];
  transitions: Transitions;
  isReadOnly: boolean;
  onChange: (transitions: Transitions) => void;
}

export function MoveMatrix({ stages, transitions, isReadOnly, onChange }: Props) {
  const known = stages.flatMap(({ value, label, color }) => (value === null ? [] : [{ value, label, color }]));
  const rows = [{ value: null, label: t("settings:newRecord"), color: null }, ...known];
  return (
    <section className={classes.moves} aria-labelledby="moves">
      <h2 id="moves">{t("settings:moves")}</h2>
      <Switch
        label={t("settings:anyMove")}
        checked={transitions === "any"}
        disabled={isReadOnly}
        onChange={(event) => onChange(event.currentTarget.checked ? "any" : everyMove(known.map(({ value }) => value)))}
      />
      {transitions !== "any" && (
        <div className={classes.matrixScroll} tabIndex={0} role="region" aria-label={t("settings:moves")}>
          <table className={classes.matrix}>
            <thead>
              <tr>
                <th scope="col">{t("settings:fromTo")}</th>
                {known.map(({ value, label }) => (
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
                  {known.map((to) => (
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
      )}
    </section>
  );
}
