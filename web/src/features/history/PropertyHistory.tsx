/** The clock beside a value: opens the last values of its property. */
import { ActionIcon, Button, Popover } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import type { Property, ValueSpan } from "../../api/types";
import { SpanList } from "../../fields/SpanList";
import { ClockIcon } from "../../ui/icons";
import classes from "./PropertyHistory.module.css";

interface Props {
  property: Property;
  spans: ValueSpan[];
  /** Absent where nothing can be changed. */
  onCorrect?: () => void;
}

export function PropertyHistory({ property, spans, onCorrect }: Props) {
  const [opened, setOpened] = useState(false);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={340} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={24}
          className={classes.button}
          aria-label={t("history:of", { property: property.label })}
          onClick={() => setOpened(!opened)}
        >
          <ClockIcon size={14} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <SpanList property={property} spans={spans} />
        {onCorrect && (
          <div className={classes.foot}>
            <Button
              onClick={() => {
                setOpened(false);
                onCorrect();
              }}
            >
              {t("history:correct")}
            </Button>
          </div>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
