/** Why a card could not be moved; what the stage asks for is given here, and the move is made with it. */
import { Button } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { propertyOf } from "../../api/objects";
import { isCode, messageOf, messagesByName } from "../../api/problem";
import type { Values } from "../../api/records";
import type { ObjectType, Property } from "../../api/types";
import { fieldOf } from "../../fields/fields";
import { titleOf } from "../../fields/title";
import { Dialog, DialogActions } from "../../ui/Dialog";
import { Tag } from "../../ui/Tag";
import classes from "./Board.module.css";
import { targetsOf } from "./columns";
import type { Move } from "./useMove";

interface Props {
  object: ObjectType;
  property: Property;
  move: Move;
  error: Error;
  onClose: () => void;
  onMove: (move: Move) => void;
}

export function RefusedDialog({ object, property, move, error, onClose, onMove }: Props) {
  const [values, setValues] = useState<Values>(move.values ?? {});
  const messages = messagesByName(error);
  const missing = Object.keys(messages).flatMap((name) => {
    const one = propertyOf(object, name);
    return one && one !== property ? [one] : [];
  });
  const stage = property.options.find(({ value }) => value === move.to)?.label ?? move.to;
  const isForbidden = isCode(error, "TRANSITION_NOT_ALLOWED");
  const targets = isForbidden ? targetsOf(property, move.from) : [];
  return (
    <Dialog
      title={t("board:notMoved", { title: titleOf(move.record, object), stage })}
      opened
      onClose={onClose}
      size={440}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          onMove({ ...move, values });
        }}
      >
        <p>{missing.length > 0 ? t("board:asks", { stage }) : messageOf(error)}</p>
        {missing.map((one, index) => {
          const { Edit } = fieldOf(one);
          return (
            <Edit
              key={one.name}
              value={values[one.name] ?? null}
              property={one}
              onChange={(value) => setValues((before) => ({ ...before, [one.name]: value }))}
              input={{
                label: one.label,
                error: move.values ? messages[one.name] : undefined,
                "data-autofocus": index === 0,
              }}
            />
          );
        })}
        {targets.length > 0 && (
          <>
            <p className="quiet">{t("board:fromHere")}</p>
            <div className={classes.targets}>
              {targets.map((target) => (
                <Button key={target.value} onClick={() => onMove({ ...move, to: target.value })}>
                  <Tag color={target.color}>{target.label}</Tag>
                </Button>
              ))}
            </div>
          </>
        )}
        <DialogActions>
          <Button onClick={onClose}>{t("board:leave")}</Button>
          {missing.length > 0 && (
            <Button
              type="submit"
              variant="filled"
              disabled={missing.some(({ name }) => (values[name] ?? null) === null)}
            >
              {t("record:moveTo", { stage })}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
