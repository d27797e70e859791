/** A dialog on wide screens, a sheet from below on narrow ones. */
import { Drawer, Modal } from "@mantine/core";
import { t } from "i18next";
import { useEffect, useState, type ReactNode } from "react";
import { useIsNarrow } from "./useIsNarrow";
import classes from "./Dialog.module.css";

interface Props {
  title: string;
  opened: boolean;
  onClose: () => void;
  size?: number;
  children: ReactNode;
}

export function Dialog({ title, opened, onClose, size = 480, children }: Props) {
  const isNarrow = useIsNarrow();
  useFocusReturn();
  const shared = { title, opened, onClose, classNames: classes, closeButtonProps: { "aria-label": t("ui:close") } };
  if (isNarrow) {
    return (
      <Drawer {...shared} classNames={{ ...classes, content: classes.sheet }} position="bottom" size="auto" radius={10}>
        {children}
      </Drawer>
    );
  }
  return (
    <Modal {...shared} size={size}>
      {children}
    </Modal>
  );
}

/** Dialogs are drawn while they are open: when one goes, the focus goes back to what opened it. */
function useFocusReturn() {
  const [opener] = useState(() => document.activeElement);
  useEffect(() => {
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [opener]);
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>;
}
