/** A record on the board: its name, what matters of it, and how long it has been where it is. It is dragged, or moved by its menu. */
import { draggable } from "@atlaskit/pragmatic-drag-and-drop/element/adapter";
import { ActionIcon, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { memo, useEffect, useRef, useState } from "react";
import type { LeadlineRecord, ObjectType, Option, Property } from "../../api/types";
import { Shown } from "../../fields/Shown";
import { titleOf } from "../../fields/title";
import { formatDuration } from "../../ui/duration";
import { MoreIcon } from "../../ui/icons";
import { Tag } from "../../ui/Tag";
import classes from "./Board.module.css";
import { latenessOf } from "./columns";

interface Props {
  object: ObjectType;
  record: LeadlineRecord;
  /** The column it stands in. */
  option: Option | null;
  seconds: number | null;
  details: Property[];
  /** Where it may go; none where nothing can be moved. */
  targets: Option[];
  onMove: (record: LeadlineRecord, to: string) => void;
}

export const BoardCard = memo(function BoardCard({ object, record, option, seconds, details, targets, onMove }: Props) {
  const ref = useRef<HTMLLIElement>(null);
  const [isDragged, setDragged] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const canMove = targets.length > 0;
  const title = titleOf(record, object);

  useEffect(() => {
    const element = ref.current;
    if (!element || !canMove) return;
    return draggable({
      element,
      getInitialData: () => ({ recordId: record.id, from: option?.value ?? null }),
      onDragStart: () => setDragged(true),
      onDrop: () => setDragged(false),
    });
  }, [record.id, option, canMove]);

  return (
    <li
      ref={ref}
      className={classes.card}
      data-record={record.id}
      data-dragged={isDragged || undefined}
      data-movable={canMove || undefined}
      onKeyDown={(event) => {
        if (event.key !== "m" || event.ctrlKey || event.metaKey || event.altKey || !canMove) return;
        event.preventDefault();
        setMenuOpen(true);
      }}
    >
      <Title object={object.name} id={record.id} title={title} />
      {canMove && (
        <Menu opened={isMenuOpen} onChange={setMenuOpen} position="bottom-end">
          <Menu.Target>
            <ActionIcon
              className={classes.move}
              variant="subtle"
              color="gray"
              size={24}
              aria-label={t("board:move", { title })}
            >
              <MoreIcon size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("board:moveTo")}</Menu.Label>
            {targets.map((target) => (
              <Menu.Item key={target.value} onClick={() => onMove(record, target.value)}>
                <Tag color={target.color}>{target.label}</Tag>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Details record={record} details={details} />
      {seconds !== null && (
        <span className={classes.age} data-lateness={latenessOf(seconds, option)}>
          {formatDuration(seconds)}
          {latenessOf(seconds, option) === "late" && <span className="hidden-text">, {t("board:late")}</span>}
        </span>
      )}
    </li>
  );
});

/** Apart, as while the slider is dragged only the age of a card changes. */
const Title = memo(function Title({ object, id, title }: { object: string; id: string; title: string }) {
  return (
    <Link className={classes.title} draggable={false} to="/objects/$object/$recordId" params={{ object, recordId: id }}>
      {title}
    </Link>
  );
});

const Details = memo(function Details({ record, details }: { record: LeadlineRecord; details: Property[] }) {
  return details
    .filter(({ name }) => record.properties[name] !== null && record.properties[name] !== undefined)
    .map((property) => (
      <span key={property.name} className={classes.detail}>
        <Shown value={record.properties[property.name]} property={property} plain />
      </span>
    ));
});
