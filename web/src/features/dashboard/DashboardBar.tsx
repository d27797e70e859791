/** Which dashboard is open, and what can be done with it. */
import { ActionIcon, Button, Menu, Select } from "@mantine/core";
import { t } from "i18next";
import type { Dashboard } from "../../api/dashboards";
import { MoreIcon, PlusIcon } from "../../ui/icons";
import classes from "./Dashboard.module.css";

/** The home page as it comes, which is nobody's. */
export const USUAL = "usual";

interface Props {
  dashboards: Dashboard[];
  /** Null is the home page as it comes. */
  open: Dashboard | null;
  /** The one to begin with; null as well. */
  homeId: string | null;
  /** Nothing can be made or changed: in the past, or without the right to. */
  isReadOnly: boolean;
  mayChange: boolean;
  mayShare: boolean;
  onOpen: (id: string | null) => void;
  onEdit: () => void;
  onNew: () => void;
  onCopy: () => void;
  onRename: () => void;
  onShare: () => void;
  onHome: () => void;
  onRemove: () => void;
}

export function DashboardBar(props: Props) {
  const { dashboards, open, homeId, isReadOnly, mayChange, mayShare } = props;
  const isHome = (open?.id ?? null) === homeId;
  return (
    <div className={classes.bar}>
      <Select
        className={classes.choice}
        aria-label={t("dashboard:dashboard")}
        data={[
          { value: USUAL, label: t("dashboard:usual") },
          ...dashboards.map(({ id, name, visibility }) => ({
            value: id,
            label: visibility === "shared" ? t("dashboard:sharedNamed", { name }) : name,
          })),
        ]}
        value={open?.id ?? USUAL}
        allowDeselect={false}
        searchable={dashboards.length > 8}
        onChange={(next) => props.onOpen(next === USUAL ? null : next)}
      />
      <span className={classes.space} />
      {!isReadOnly && (
        <>
          {open === null ? (
            <Button onClick={props.onCopy}>{t("dashboard:customize")}</Button>
          ) : (
            mayChange && <Button onClick={props.onEdit}>{t("dashboard:change")}</Button>
          )}
          <Button leftSection={<PlusIcon size={12} />} onClick={props.onNew}>
            {t("dashboard:create")}
          </Button>
          {(open !== null || !isHome) && (
            <Menu position="bottom-end">
              <Menu.Target>
                <ActionIcon variant="default" size={30} aria-label={t("dashboard:more")}>
                  <MoreIcon />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                {!isHome && <Menu.Item onClick={props.onHome}>{t("dashboard:beginHere")}</Menu.Item>}
                {open && mayChange && <Menu.Item onClick={props.onRename}>{t("dashboard:rename")}</Menu.Item>}
                {open && mayChange && mayShare && (
                  <Menu.Item onClick={props.onShare}>
                    {open.visibility === "shared" ? t("ui:unshare") : t("ui:share")}
                  </Menu.Item>
                )}
                {open && <Menu.Item onClick={props.onCopy}>{t("dashboard:copy")}</Menu.Item>}
                {open && mayChange && (
                  <>
                    <Menu.Divider role="separator" />
                    <Menu.Item color="var(--bad)" onClick={props.onRemove}>
                      {t("dashboard:delete")}
                    </Menu.Item>
                  </>
                )}
              </Menu.Dropdown>
            </Menu>
          )}
        </>
      )}
    </div>
  );
}
