/** The pages of the settings, apart from their routes so that they come when they are wanted. */
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Link, Outlet, useLocation } from "@tanstack/react-router";
import { t } from "i18next";
import { useEffect, useRef } from "react";
import { definitionsQuery } from "../api/definitions";
import { meQuery } from "../api/session";
import { LifecyclesView } from "../features/settings/LifecyclesView";
import { PropertiesView } from "../features/settings/PropertiesView";
import classes from "../features/settings/Settings.module.css";
import { usePageTitle } from "../ui/usePageTitle";

const lifecyclesRoute = getRouteApi("/app/settings/lifecycles");
const propertiesRoute = getRouteApi("/app/settings/properties");

export function SettingsLayout() {
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: ({ pathname }) => pathname });
  // Side by side on a phone: the one that is open is in sight.
  useEffect(() => {
    nav.current?.querySelector("[data-status=active]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [path]);
  const pages = [
    { to: "/settings/properties", label: t("settings:properties") },
    { to: "/settings/lifecycles", label: t("settings:lifecycles") },
    { to: "/settings/members", label: t("people:members") },
    { to: "/settings/profile", label: t("people:profile") },
    { to: "/settings/security", label: t("people:security") },
    { to: "/settings/tokens", label: t("people:tokens") },
    { to: "/settings/workspace", label: t("workspace:title") },
  ] as const;
  return (
    <div className={classes.layout}>
      <nav ref={nav} className={classes.nav} aria-label={t("shell:settings")}>
        {pages.map(({ to, label }) => (
          <Link key={to} to={to} className={classes.place} activeOptions={{ includeSearch: false }}>
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </div>
  );
}

export function PropertiesPage() {
  const { asOf = null, ...search } = propertiesRoute.useSearch();
  const navigate = propertiesRoute.useNavigate();
  const { data: objects } = useSuspenseQuery(definitionsQuery(asOf));
  usePageTitle(t("settings:properties"));
  return (
    <PropertiesView
      objects={objects}
      asOf={asOf}
      isReadOnly={useIsReadOnly(asOf)}
      search={search}
      onSearch={(part) => void navigate({ search: (before) => ({ ...before, ...part }) })}
    />
  );
}

export function LifecyclesPage() {
  const { asOf = null, ...search } = lifecyclesRoute.useSearch();
  const navigate = lifecyclesRoute.useNavigate();
  const { data: objects } = useSuspenseQuery(definitionsQuery(asOf));
  usePageTitle(t("settings:lifecycles"));
  return (
    <LifecyclesView
      key={asOf}
      objects={objects}
      asOf={asOf}
      isReadOnly={useIsReadOnly(asOf)}
      search={search}
      onSearch={(part) => void navigate({ search: (before) => ({ ...before, ...part }) })}
    />
  );
}

/** Definitions cannot be changed in the past, nor without the right to. */
function useIsReadOnly(asOf: string | null): boolean {
  const { data: me } = useSuspenseQuery(meQuery);
  return asOf !== null || !me.permissions.includes("schema.write");
}
