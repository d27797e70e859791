/** Who is signed in, how the app looks and speaks to them, and signing out. */
import {
  Button,
  Popover,
  SegmentedControl,
  UnstyledButton,
  useMantineColorScheme,
  type MantineColorScheme,
} from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import type { Me } from "../../api/types";
import { currentLanguage, LANGUAGES } from "../../texts/i18n";
import { Avatar } from "../../ui/Avatar";
import { useDensity } from "../../ui/density";
import classes from "./AccountMenu.module.css";
import { usePrefer } from "./usePreferences";

const schemes = () => [
  { value: "light", label: t("shell:light") },
  { value: "dark", label: t("shell:dark") },
  { value: "auto", label: t("shell:system") },
];

export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const [opened, setOpened] = useState(false);
  const { colorScheme } = useMantineColorScheme();
  const density = useDensity();
  const prefer = usePrefer();
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={248} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={t("shell:account", { name: me.user.name })}
          aria-expanded={opened}
          onClick={() => setOpened(!opened)}
        >
          <Avatar name={me.user.name} of={me.user.id} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.account}>
        <div className={classes.who}>
          <b>{me.user.name}</b>
          <span className="quiet">{me.user.email}</span>
        </div>
        <SegmentedControl
          aria-label={t("shell:appearance")}
          fullWidth
          value={colorScheme}
          data={schemes()}
          onChange={(next) => prefer({ theme: next as MantineColorScheme })}
        />
        <SegmentedControl
          aria-label={t("shell:density")}
          fullWidth
          value={density}
          data={[
            { value: "comfortable", label: t("shell:comfortable") },
            { value: "compact", label: t("shell:compact") },
          ]}
          onChange={(next) => prefer({ density: next })}
        />
        <SegmentedControl
          aria-label={t("shell:language")}
          fullWidth
          value={currentLanguage()}
          data={LANGUAGES.map(({ code, name }) => ({ value: code, label: name }))}
          onChange={(next) => prefer({ locale: next })}
        />
        <Button
          renderRoot={(props: object) => <Link to="/settings/profile" {...props} />}
          onClick={() => setOpened(false)}
        >
          {t("shell:profile")}
        </Button>
        <Button onClick={onSignOut}>{t("shell:signOut")}</Button>
      </Popover.Dropdown>
    </Popover>
  );
}
