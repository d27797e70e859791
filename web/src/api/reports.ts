/** Reports over the history of a property. Every figure comes with the filter that finds its records. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";
import { asJson, type FilterGroup } from "./filters";
import { shownProperties } from "./objects";
import { recordKeys, type AsOf } from "./records";
import type { Money, ObjectType, Property } from "./types";

interface SnapshotAnswer {
  values: SnapshotValue[];
}

export interface SnapshotValue {
  value: string | number | boolean | null;
  count: number;
  sums: Record<string, Money[] | undefined>;
  filterGroups: FilterGroup[];
}

export interface Sum {
  property: Property;
  total: Money;
}

/** By each value of a property: how many records hold it, and what their amounts add up to. */
export function snapshotQuery(object: string, property: string, filterGroups: FilterGroup[], asOf: AsOf) {
  return queryOptions({
    queryKey: [...recordKeys.lists(object), "snapshot", property, filterGroups, asOf],
    queryFn: async ({ signal }): Promise<SnapshotValue[]> => {
      const body = { object, property, filterGroups: asJson(filterGroups), asOf: asOf ?? undefined };
      const report = await answer(api.POST("/api/v1/reports/snapshot", { body, signal }));
      return (report as unknown as SnapshotAnswer).values;
    },
  });
}

/** What the amounts of all records that match add up to, by property and currency. */
export function sumsQuery(object: ObjectType, filterGroups: FilterGroup[], asOf: AsOf, isWanted: boolean) {
  const amounts = shownProperties(object).filter(({ type }) => type === "money");
  const by = shownProperties(object).find(({ type }) => type === "stage" || type === "select" || type === "boolean");
  return queryOptions({
    ...snapshotQuery(object.name, by?.name ?? "", filterGroups, asOf),
    enabled: isWanted && amounts.length > 0 && by !== undefined,
    select: (values: SnapshotValue[]): Sum[] =>
      amounts.flatMap((property) =>
        addMoney(values.flatMap(({ sums }) => sums[property.name] ?? [])).map((total) => ({ property, total })),
      ),
  });
}

/** By currency, exactly. */
export function addMoney(amounts: Money[]): Money[] {
  const totals = new Map<string, bigint>();
  for (const { amount, currency } of amounts)
    totals.set(currency, (totals.get(currency) ?? 0n) + tenThousandths(amount));
  return [...totals].map(([currency, total]) => ({ amount: fromTenThousandths(total), currency }));
}

const DIGITS = 4;

function tenThousandths(amount: string): bigint {
  const [whole = "0", fraction = ""] = amount.replace("-", "").split(".");
  const units = BigInt(whole + fraction.slice(0, DIGITS).padEnd(DIGITS, "0"));
  return amount.startsWith("-") ? -units : units;
}

function fromTenThousandths(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString().padStart(DIGITS + 1, "0");
  const fraction = digits.slice(-DIGITS).replace(/0{1,2}$/, "");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -DIGITS)}.${fraction}`;
}
