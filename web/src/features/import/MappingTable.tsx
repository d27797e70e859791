/** What each column of the file becomes, beside its first values. */
import { t } from "i18next";
import type { ObjectType } from "../../api/types";
import classes from "./Import.module.css";
import { MappingRow } from "./MappingRow";
import { columnsOf, isUsable, targeted, withColumn, withNewProperty, type Plan } from "./plan";
import type { Sheet } from "./sheet";

interface Props {
  sheet: Sheet;
  object: ObjectType;
  objects: ObjectType[];
  plan: Plan;
  /** New properties and options may be made. */
  canChangeSchema: boolean;
  onPlan: (plan: Plan) => void;
}

export function MappingTable({ sheet, object, objects, plan, canChangeSchema, onPlan }: Props) {
  return (
    <table className={classes.mapping}>
      <thead>
        <tr>
          <th scope="col">{t("import:column")}</th>
          <th scope="col">{t("import:firstValues")}</th>
          <th scope="col">{t("import:becomes")}</th>
          <th scope="col">{t("import:details")}</th>
        </tr>
      </thead>
      <tbody>
        {columnsOf(sheet).map((column, index) => {
          const planned = plan.columns[index];
          return (
            planned && (
              <MappingRow
                key={index}
                column={column}
                planned={planned}
                isUsable={isUsable(sheet, index)}
                kind={plan.kind}
                object={object}
                objects={objects}
                taken={plan.columns.flatMap(({ target }, other) =>
                  other !== index && target !== null ? [target] : [],
                )}
                canChangeSchema={canChangeSchema}
                onTarget={(target) => onPlan(targeted(plan, index, target, column, object))}
                onNew={() => onPlan(withNewProperty(plan, index, column, object))}
                onChange={(next) => onPlan(withColumn(plan, index, next))}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
}
