/** Which knowledge the lanes show: what is known now, or what was known at an earlier time, before corrections. */
import { Button, Popover, TextInput } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { ClockIcon } from "../../ui/icons";
import { formatMoment, fromLocalInput, toLocalInput } from "../../ui/time";
import classes from "./KnownAsOf.module.css";

interface Props {
  /** RFC 3339; null is now. */
  moment: string | null;
  onChange: (moment: string | null) => void;
}

export function KnownAsOf({ moment, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState("");
  const [latest, setLatest] = useState("");
  const chosen = fromLocalInput(typed);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" width={280} trapFocus returnFocus>
      <Popover.Target>
        <Button
          className={moment === null ? undefined : classes.past}
          leftSection={moment === null ? undefined : <ClockIcon size={13} />}
          onClick={() => {
            setLatest(toLocalInput(Date.now()));
            setTyped(toLocalInput(moment ?? Date.now()));
            setOpened(!opened);
          }}
        >
          {t("history:asKnown")}&nbsp;<b>{moment === null ? t("history:now") : formatMoment(moment)}</b>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault();
            onChange(chosen);
            setOpened(false);
          }}
        >
          <p className="quiet">{t("history:knownHint")}</p>
          <TextInput
            label={t("history:knownOn")}
            type="datetime-local"
            value={typed}
            max={latest}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div className={classes.actions}>
            {moment !== null && (
              <Button
                onClick={() => {
                  onChange(null);
                  setOpened(false);
                }}
              >
                {t("history:knownNow")}
              </Button>
            )}
            <Button type="submit" variant="filled" disabled={chosen === null}>
              {t("ui:show")}
            </Button>
          </div>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
