/** Shows what has just been done, with the way to take it back: at the bottom, for ten seconds. */
import { ActionIcon, Button } from "@mantine/core";
import { t } from "i18next";
import { CloseIcon } from "./icons";
import { dismiss, keep, letGo, useNotices, type Notice } from "./notices";
import classes from "./Notices.module.css";

export function Notices() {
  const notices = useNotices();
  return (
    <div className={classes.notices} role="status" aria-label={t("ui:notices")}>
      {notices.map((notice) => (
        <div
          key={notice.id}
          className={classes.notice}
          data-tone={notice.tone}
          onPointerEnter={() => keep(notice.id)}
          onFocus={() => keep(notice.id)}
          onPointerLeave={() => release(notice)}
          onBlur={() => release(notice)}
        >
          <span className={classes.text}>{notice.text}</span>
          {notice.progress !== undefined && (
            <progress className={classes.progress} value={notice.progress} aria-label={notice.text} />
          )}
          {notice.undo && (
            <Button
              className={classes.undo}
              variant="subtle"
              onClick={() => {
                notice.undo?.();
                dismiss(notice.id);
              }}
            >
              {t("ui:undo")}
            </Button>
          )}
          {notice.progress === undefined && (
            <ActionIcon
              className={classes.close}
              variant="subtle"
              size={24}
              aria-label={t("ui:dismiss")}
              onClick={() => dismiss(notice.id)}
            >
              <CloseIcon size={12} />
            </ActionIcon>
          )}
        </div>
      ))}
    </div>
  );
}

/** What shows progress stays until its work is done. */
function release({ id, progress }: Notice) {
  if (progress === undefined) letGo(id);
}
