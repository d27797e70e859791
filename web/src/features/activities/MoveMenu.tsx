/** Moves a task to another day: one of those nearby, or any. */
import { ActionIcon, Menu } from "@mantine/core";
import { t } from "i18next";
import type { Task } from "../../api/activities";
import { MoreIcon } from "../../ui/icons";
import { shiftDay, writeDay } from "./days";
import classes from "./Calendar.module.css";

interface Props {
  task: Task;
  /** The day on which it is due. */
  day: string;
  today: string;
  /** By a key; else the menu opens at its button alone. */
  opened?: boolean;
  onOpened?: (opened: boolean) => void;
  isReachable?: boolean;
  onMove: (day: string) => void;
  /** Any day is asked for. */
  onAsk: () => void;
}

export function MoveMenu({ task, day, today, opened, onOpened, isReachable = true, onMove, onAsk }: Props) {
  return (
    <Menu opened={opened} onChange={onOpened} position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className={classes.move}
          variant="subtle"
          color="gray"
          size={24}
          tabIndex={isReachable ? 0 : -1}
          aria-label={t("activities:move", { name: task.title })}
        >
          <MoreIcon size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("activities:moveTo")}</Menu.Label>
        {targetsOf(day, today).map((target) => (
          <Menu.Item
            key={target.day}
            rightSection={<span className="quiet">{writeDay(target.day, "short")}</span>}
            onClick={() => onMove(target.day)}
          >
            {target.label}
          </Menu.Item>
        ))}
        <Menu.Item onClick={onAsk}>{t("activities:anotherDay")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Each day once, by the first of its names. */
function targetsOf(day: string, today: string): { day: string; label: string }[] {
  const targets = [
    { day: today, label: t("activities:in.today") },
    { day: shiftDay(today, 1), label: t("activities:in.tomorrow") },
    { day: shiftDay(day, -1), label: t("activities:dayEarlier") },
    { day: shiftDay(day, 1), label: t("activities:dayLater") },
    { day: shiftDay(day, 7), label: t("activities:weekLater") },
  ];
  return targets.filter(
    (target, index) => target.day !== day && targets.findIndex((other) => other.day === target.day) === index,
  );
}
