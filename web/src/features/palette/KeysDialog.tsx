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
      title: t("palette:everywhere"),
      keys: [
        [`${modifier()} K`, t("palette:key.palette")],
        ["?", t("palette:key.keys")],
        ...pages.flatMap(({ keys, label }) => (keys ? [[keys, label]] : [])),
      ],
    },
    {
      title: t("palette:inList"),
      keys: [
        ["↓ ↑", t("palette:key.walk")],
        ["→ ←", t("palette:key.cells")],
        ["Enter", t("palette:key.open")],
        ["F2", t("palette:key.edit")],
        [t("palette:key.space"), t("palette:key.peek")],
        ["X", t("palette:key.select")],
        ["H", t("palette:key.history")],
      ],
    },
    {
      title: t("palette:inTasks"),
      keys: [
        ["J K", t("palette:key.walk")],
        ["X", t("palette:key.tick")],
        ["E", t("palette:key.editTask")],
      ],
    },
    { title: t("palette:onBoard"), keys: [["M", t("palette:key.move")]] },
    { title: t("palette:onLead"), keys: [["C", t("palette:key.convert")]] },
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
