/** A report as a table: each figure that stands for records leads to them. */
import { UnstyledButton } from "@mantine/core";
import type { CSSProperties } from "react";
import { colored } from "../../ui/palette";
import type { Drill, Table } from "./model";
import classes from "./Reports.module.css";

interface Props {
  table: Table;
  /** What the first column is. */
  first: string;
  caption: string;
  onDrill: (drill: Drill) => void;
}

export function ReportTable({ table, first, caption, onDrill }: Props) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label={caption}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {table.head.map((label, index) => (
              <th key={index} scope="col">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.key}>
              <th scope="row">
                {row.color !== null && <span className={classes.dot} {...colored(row.color)} />}
                {row.label}
              </th>
              {row.cells.map(({ text, drill, heat }, index) => (
                <td
                  key={index}
                  data-heat={heat !== undefined || undefined}
                  style={heat === undefined ? undefined : ({ "--heat": `${Math.round(heat * 100)}%` } as CSSProperties)}
                >
                  {drill ? (
                    <UnstyledButton className={classes.figure} onClick={() => onDrill(drill)}>
                      {text}
                    </UnstyledButton>
                  ) : (
                    text
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
