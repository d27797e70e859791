/** The control that is always there: now, or a moment in the past for everything on the screen. */
import { Popover, UnstyledButton } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { ClockIcon, CloseIcon } from "../../ui/icons";
import { onDemand } from "../../ui/onDemand";
import { formatLongMoment } from "../../ui/time";
import classes from "./TimeMachine.module.css";

/** A calendar is more than most visits need. */
const MomentForm = onDemand(() => import("./MomentForm").then((module) => module.MomentForm));

interface Props {
  /** RFC 3339; null is now. */
  asOf: string | null;
  onChange: (asOf: string | null) => void;
}

export function TimeMachine({ asOf, onChange }: Props) {
  const [opened, setOpened] = useState(false);
  const choose = (moment: string | null) => {
    setOpened(false);
    onChange(moment);
  };
  return (
    <div className={classes.control} data-past={asOf !== null || undefined}>
      <Popover opened={opened} onChange={setOpened} position="bottom-end" returnFocus>
        <Popover.Target>
          <UnstyledButton
            className={classes.pill}
            data-tour="time"
            aria-expanded={opened}
            onClick={() => setOpened(!opened)}
          >
            <ClockIcon size={15} />
            <span className="hidden-text">{t("time:machine")}</span>
            <b>{asOf === null ? t("time:now") : formatLongMoment(asOf)}</b>
            {asOf !== null && <span className={classes.note}>{t("time:asOfThen")}</span>}
          </UnstyledButton>
        </Popover.Target>
        <Popover.Dropdown className={classes.dropdown}>
          <MomentForm asOf={asOf} onChoose={choose} />
        </Popover.Dropdown>
      </Popover>
      {asOf !== null && (
        <UnstyledButton className={classes.back} aria-label={t("time:backToNow")} onClick={() => choose(null)}>
          <CloseIcon size={14} />
        </UnstyledButton>
      )}
    </div>
  );
}
