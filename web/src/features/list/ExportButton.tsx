/** Takes the view as a file: its filters, its moment, its columns; or the whole history of its records. */
import { Button, Menu } from "@mantine/core";
import { t } from "i18next";
import { useState } from "react";
import { exportView, type ExportKind } from "../../api/exports";
import { messageOf } from "../../api/problem";
import type { ListView } from "../../api/records";
import { formatCount } from "../../texts/locale";
import { changeNotice, dismiss, notify } from "../../ui/notices";
import { propertyOfColumn, type Column } from "./columns";

export function ExportButton({ view, columns }: { view: ListView; columns: Column[] }) {
  const [isRunning, setRunning] = useState(false);
  const run = async (kind: ExportKind, format: "csv" | "ndjson") => {
    const notice = notify({ text: t("list:export.running"), progress: 0 });
    setRunning(true);
    try {
      const properties = [...new Set(columns.flatMap((column) => propertyOfColumn(column)?.name ?? []))];
      const { rows, address } = await exportView(view, { kind, format, properties });
      // The browser saves what the server names.
      window.location.assign(address);
      changeNotice(notice, { text: t("list:export.done", { figure: formatCount(rows) }), progress: 1 });
      setTimeout(() => dismiss(notice), 4000);
    } catch (error) {
      dismiss(notice);
      notify({ text: messageOf(error), tone: "bad" });
    } finally {
      setRunning(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button loading={isRunning}>{t("list:export.label")}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void run("records", "csv")}>{t("list:export.csv")}</Menu.Item>
        <Menu.Item onClick={() => void run("history", "csv")}>{t("list:export.historyCsv")}</Menu.Item>
        <Menu.Item onClick={() => void run("history", "ndjson")}>{t("list:export.historyJson")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
