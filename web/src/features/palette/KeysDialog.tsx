/** The keys of the app. */
import { t } from "i18next";
import { Dialog } from "../../ui/Dialog";
import { Keys, type Command } from "./Palette";
import classes from "./Palette.module.css";

interface Props {
  pages: Command[];
  onClose: () => void;
}

export function KeysDialog({ pages, onClose }: Props) {
  const groups = [
    {
      title: t("keys:everywhere"),
      keys: [
        [`${modifier()} K`, t("keys:key.palette")],
        ["?", t("keys:key.keys")],
        ...pages.flatMap(({ keys, label }) => (keys ? [[keys, label]] : [])),
      ],
    },
    {
      title: t("keys:inList"),
      keys: [
        ["↓ ↑", t("keys:key.walk")],
        ["→ ←", t("keys:key.cells")],
        ["Enter", t("keys:key.open")],
        ["F2", t("keys:key.edit")],
        [t("keys:key.space"), t("keys:key.peek")],
        ["X", t("keys:key.select")],
        ["H", t("keys:key.history")],
      ],
    },
    {
      title: t("keys:inTasks"),
      keys: [
        ["J K", t("keys:key.walk")],
        ["X", t("keys:key.tick")],
        ["E", t("keys:key.editTask")],
      ],
    },
    {
      title: t("keys:inCalendar"),
      keys: [
        ["← ↑ ↓ →", t("keys:key.days")],
        ["Enter", t("keys:key.openDay")],
        ["N", t("keys:key.addTask")],
        ["M", t("keys:key.moveTask")],
        ["X", t("keys:key.tick")],
      ],
    },
    { title: t("keys:onBoard"), keys: [["M", t("keys:key.move")]] },
    { title: t("keys:onLead"), keys: [["C", t("keys:key.convert")]] },
  ];
  return (
    <Dialog title={t("palette:keysTitle")} opened onClose={onClose} size={460}>
      {groups.map(({ title, keys }) => (
        <section key={title}>
          <h3 className={classes.group}>{title}</h3>
          <dl className={classes.table}>
            {keys.map(([key = "", what]) => (
              <div key={key} className={classes.key}>
                <dt>{what}</dt>
                <dd>
                  <Keys keys={key} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

export const modifier = (): string => (/Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl");
