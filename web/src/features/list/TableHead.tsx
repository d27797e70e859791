/** The head of the table: each column's menu (order, filter, place, width), and its edge to drag. */
import { Menu, UnstyledButton } from "@mantine/core";
import { t } from "i18next";
import type { PointerEvent } from "react";
import type { Sort } from "../../api/records";
import { ArrowDownIcon, ArrowUpIcon } from "../../ui/icons";
import { isTitleColumn, LEAST_PX, sortKeyOf, type Column } from "./columns";
import classes from "./RecordTable.module.css";
import { OWN_SORT, withSort } from "./sort";

export interface HeadActions {
  onSorts: (sorts: Sort[]) => void;
  onColumns: (columns: Column[]) => void;
  /** Asks for a filter on the column's property. */
  onFilter: (property: string) => void;
}

interface Props extends HeadActions {
  columns: Column[];
  sorts: Sort[];
  canSelect: boolean;
  isAllSelected: boolean;
  onSelectAll: () => void;
}

export function TableHead({ columns, sorts, canSelect, isAllSelected, onSelectAll, ...actions }: Props) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        {canSelect && (
          <th scope="col" className={classes.check}>
            <input type="checkbox" aria-label={t("list:selectAll")} checked={isAllSelected} onChange={onSelectAll} />
          </th>
        )}
        {columns.map((column, index) => (
          <HeadCell key={column.key} index={index} columns={columns} sorts={sorts} {...actions} />
        ))}
      </tr>
    </thead>
  );
}

const STEP_PX = 24;

interface CellProps extends HeadActions {
  index: number;
  columns: Column[];
  sorts: Sort[];
}

function HeadCell({ index, columns, sorts, onSorts, onColumns, onFilter }: CellProps) {
  const column = columns[index];
  if (!column) return null;
  const key = sortKeyOf(column);
  const all = sorts.length > 0 ? sorts : [OWN_SORT];
  const place = all.findIndex(({ property }) => property === key);
  const direction = all[place]?.direction;
  const move = (by: 1 | -1) => onColumns(columns.toSpliced(index, 1).toSpliced(index + by, 0, column));
  const resize = (widthPx: number) =>
    onColumns(columns.with(index, { ...column, widthPx: Math.max(LEAST_PX, widthPx) }));

  return (
    <th scope="col" data-align={column.align} aria-sort={place === 0 ? direction : undefined}>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <UnstyledButton className={classes.head}>
            {column.label}
            {direction === "ascending" && <ArrowUpIcon size={12} />}
            {direction === "descending" && <ArrowDownIcon size={12} />}
            {direction && all.length > 1 && <span className={classes.rank}>{place + 1}</span>}
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {key !== null && (
            <>
              {(["ascending", "descending"] as const).map((one) => (
                <Menu.Item
                  key={one}
                  leftSection={one === "ascending" ? <ArrowUpIcon size={13} /> : <ArrowDownIcon size={13} />}
                  onClick={() => onSorts(withSort(sorts, { property: key, direction: one }))}
                >
                  {t(`list:sort.${one}`)}
                </Menu.Item>
              ))}
              {sorts.length > 0 && place < 0 && (
                <Menu.Item onClick={() => onSorts(withSort(sorts, { property: key, direction: "ascending" }, true))}>
                  {t("list:sort.then")}
                </Menu.Item>
              )}
              {sorts.some(({ property }) => property === key) && (
                <Menu.Item onClick={() => onSorts(sorts.filter(({ property }) => property !== key))}>
                  {t("list:sort.none")}
                </Menu.Item>
              )}
              <Menu.Divider />
              {column.kind !== "time-in-stage" && (
                <Menu.Item onClick={() => onFilter(column.key)}>{t("list:filterBy")}</Menu.Item>
              )}
            </>
          )}
          <Menu.Item disabled={index === 0} onClick={() => move(-1)}>
            {t("list:moveLeft")}
          </Menu.Item>
          <Menu.Item disabled={index === columns.length - 1} onClick={() => move(1)}>
            {t("list:moveRight")}
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => resize(column.widthPx + STEP_PX)}>
            {t("list:wider")}
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => resize(column.widthPx - STEP_PX)}>
            {t("list:narrower")}
          </Menu.Item>
          {!isTitleColumn(column) && (
            <Menu.Item onClick={() => onColumns(columns.toSpliced(index, 1))}>{t("list:hide")}</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <Edge onResize={resize} />
    </th>
  );
}

/** The right edge of a column. Keys have the column's menu for it. */
function Edge({ onResize }: { onResize: (widthPx: number) => void }) {
  const onPointerDown = (event: PointerEvent<HTMLSpanElement>) => {
    const handle = event.currentTarget;
    const cell = handle.closest("th");
    const table = handle.closest("table");
    if (!cell || !table) return;
    event.preventDefault();
    const col = table.querySelectorAll("col")[cell.cellIndex];
    const [startX, startPx] = [event.clientX, cell.offsetWidth];
    let widthPx = startPx;
    // Drawn directly while it is dragged; the URL learns of it at the end.
    const onMove = ({ clientX }: globalThis.PointerEvent) => {
      widthPx = Math.max(LEAST_PX, startPx + clientX - startX);
      col?.style.setProperty("width", `${widthPx}px`);
    };
    const onUp = () => {
      handle.removeEventListener("pointermove", onMove);
      if (Math.abs(widthPx - startPx) > 2) onResize(Math.round(widthPx));
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onUp, { once: true });
  };
  return <span className={classes.edge} aria-hidden onPointerDown={onPointerDown} />;
}
