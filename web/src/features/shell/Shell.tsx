/** What stands around every page: the objects at the side, or below on a phone, and the bar at the top. */
import { ActionIcon } from "@mantine/core";
import { t } from "i18next";
import type { ReactNode } from "react";
import type { Me, ObjectType } from "../../api/types";
import type { AsOf } from "../../api/records";
import { SearchIcon } from "../../ui/icons";
import { Notices } from "../../ui/Notices";
import { useIsNarrow } from "../../ui/useIsNarrow";
import { AccountMenu } from "./AccountMenu";
import { BottomBar } from "./BottomBar";
import { ConnectionBanner } from "./ConnectionBanner";
import classes from "./Shell.module.css";
import { Sidebar } from "./Sidebar";

interface Props {
  me: Me;
  objects: ObjectType[];
  asOf: AsOf;
  crumbs: ReactNode;
  timeMachine: ReactNode;
  banner: ReactNode;
  onSearch: () => void;
  onSignOut: () => void;
  children: ReactNode;
}

export function Shell({ me, objects, asOf, crumbs, timeMachine, banner, onSearch, onSignOut, children }: Props) {
  const isNarrow = useIsNarrow();
  return (
    <div className={classes.app}>
      <a className={classes.skip} href="#content">
        {t("shell:skip")}
      </a>
      {!isNarrow && <Sidebar me={me} objects={objects} asOf={asOf} onSearch={onSearch} />}
      <div className={classes.column}>
        <header className={classes.topbar}>
          <div className={classes.crumbs}>{crumbs}</div>
          {isNarrow && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size={30}
              data-tour="search"
              aria-label={t("shell:search")}
              onClick={onSearch}
            >
              <SearchIcon />
            </ActionIcon>
          )}
          {timeMachine}
          <AccountMenu me={me} onSignOut={onSignOut} />
        </header>
        <ConnectionBanner />
        {banner}
        <main className={classes.content} id="content" tabIndex={-1}>
          {children}
        </main>
        {isNarrow && <BottomBar objects={objects} />}
      </div>
      <Notices />
    </div>
  );
}
