/** What became of a lead, with the way to each. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { PARTS, type Conversion } from "../../api/conversions";
import type { ObjectType } from "../../api/types";
import { titleOf } from "../../fields/title";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { ObjectIcon } from "../../ui/icons";
import classes from "./Convert.module.css";

interface Props {
  object: ObjectType;
  done: Conversion;
  objects: ObjectType[];
  onClose: () => void;
}

export function ConvertedDialog({ object, done, objects, onClose }: Props) {
  const made = PARTS.flatMap(({ name, object: partObject }) => {
    const { record, action } = done[name];
    const target = objects.find((one) => one.name === partObject);
    return record && target ? [{ record, action, target }] : [];
  });
  return (
    <Dialog title={t("convert:done", { name: titleOf(done.lead, object) })} opened onClose={onClose} size={460}>
      {made.length > 0 ? (
        <ul className={classes.made}>
          {made.map(({ record, action, target }) => (
            <li key={record.id}>
              <ObjectIcon name={target.name} size={16} />
              <Link to="/objects/$object/$recordId" params={{ object: target.name, recordId: record.id }}>
                {titleOf(record, target)}
              </Link>
              <span className="quiet">
                {target.label}, {t(action === "create" ? "convert:made" : "convert:linked")}
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <p>{t("convert:onlyMoved")}</p>
      )}
      <DialogActions>
        <Button variant="filled" data-autofocus onClick={onClose}>
          {t("convert:close")}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
