/** Who is signed in, light or dark, and signing out. */
import { Button, Popover, SegmentedControl, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { useState } from "react";
import type { Me } from "../../api/types";
import { Avatar } from "../../ui/Avatar";
import classes from "./AccountMenu.module.css";

const SCHEMES = [
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
  { value: "auto", label: "System" },
] as const;

export function AccountMenu({ me, onSignOut }: { me: Me; onSignOut: () => void }) {
  const [opened, setOpened] = useState(false);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={248} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton
          className={classes.button}
          aria-label={`Account of ${me.user.name}`}
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
          aria-label="Appearance"
          fullWidth
          value={colorScheme}
          data={[...SCHEMES]}
          onChange={setColorScheme}
        />
        <Button onClick={onSignOut}>Sign out</Button>
      </Popover.Dropdown>
    </Popover>
  );
}
