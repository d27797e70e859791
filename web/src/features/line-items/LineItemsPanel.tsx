/** The products of a deal: how many at which price, changed in place, with what they add up to. */
import { ActionIcon, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { t } from "i18next";
import { useState } from "react";
import {
  addLineItem,
  changeLineItem,
  lineItemsQuery,
  removeLineItem,
  restoreLineItem,
  type LineItem,
} from "../../api/lineItems";
import { messageOf } from "../../api/problem";
import { refreshRecords, type AsOf } from "../../api/records";
import { linkedRecordQuery } from "../../api/titles";
import type { ObjectType, Property, Value } from "../../api/types";
import { formatMoney, formatNumber, isMoney } from "../../fields/decimal";
import { fieldOf } from "../../fields/fields";
import { titleOf } from "../../fields/title";
import { CloseIcon } from "../../ui/icons";
import { Failure, Refusal } from "../../ui/Message";
import { notify } from "../../ui/notices";
import { LineItemCell } from "./LineItemCell";
import classes from "./LineItems.module.css";

interface Props {
  dealId: string;
  products: ObjectType;
  asOf: AsOf;
  isReadOnly: boolean;
}

export function LineItemsPanel({ dealId, products, asOf, isReadOnly }: Props) {
  const { data, error, refetch } = useQuery(lineItemsQuery(dealId, asOf));
  return (
    <section className={classes.panel} aria-label={t("lineItems:title")}>
      <h2>{t("lineItems:title")}</h2>
      {error && !data && <Failure error={error} title={t("lineItems:notLoaded")} onRetry={() => void refetch()} />}
      {!data && !error && (
        <div role="status" aria-busy="true" aria-label={t("lineItems:loading")}>
          <Skeleton height={14} width="60%" />
        </div>
      )}
      {data?.items.length === 0 && (
        <p className={classes.nothing}>{t(asOf === null ? "lineItems:none" : "lineItems:noneThen")}</p>
      )}
      {data && data.items.length > 0 && (
        <table className={classes.table} role="table">
          <thead role="rowgroup">
            <tr role="row">
              <th role="columnheader" scope="col">
                {t("lineItems:product")}
              </th>
              <th role="columnheader" scope="col">
                {t("lineItems:quantity")}
              </th>
              <th role="columnheader" scope="col">
                {t("lineItems:unitPrice")}
              </th>
              <th role="columnheader" scope="col">
                {t("lineItems:discount")}
              </th>
              <th role="columnheader" scope="col">
                {t("lineItems:total")}
              </th>
              {!isReadOnly && (
                <th role="columnheader" scope="col">
                  <span className="hidden-text">{t("lineItems:actions")}</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody role="rowgroup">
            {data.items.map((item) => (
              <Row key={item.id} item={item} dealId={dealId} products={products} asOf={asOf} isReadOnly={isReadOnly} />
            ))}
          </tbody>
          <tfoot role="rowgroup">
            {data.totals.map((total) => (
              <tr key={total.currency} role="row">
                <th role="rowheader" scope="row" colSpan={4}>
                  {t("lineItems:total")}
                  {data.totals.length > 1 && ` ${total.currency}`}
                </th>
                <td role="cell">{formatMoney(total)}</td>
                {!isReadOnly && <td role="cell" />}
              </tr>
            ))}
          </tfoot>
        </table>
      )}
      {data && !isReadOnly && <Adder dealId={dealId} products={products} />}
    </section>
  );
}

interface RowProps extends Props {
  item: LineItem;
}

function Row({ item, dealId, products, asOf, isReadOnly }: RowProps) {
  const client = useQueryClient();
  const name = useProductName(item, products, asOf);
  const price = products.properties.find((one) => one.type === "money");
  const fields = fieldsFor(products, item.unitPrice?.currency ?? price?.currency);
  const change = (part: Parameters<typeof changeLineItem>[2]) => changeLineItem(dealId, item.id, part);
  const takeBack = useMutation({
    mutationFn: () => restoreLineItem(item.id),
    onError: (error) => notify({ text: messageOf(error), tone: "bad" }),
    onSettled: () => refreshRecords(client),
  });
  const remove = useMutation({
    mutationFn: () => removeLineItem(dealId, item.id),
    onSuccess: () => void notify({ text: t("lineItems:removed", { name }), undo: () => takeBack.mutate() }),
    onError: (error) => notify({ text: messageOf(error), tone: "bad" }),
    onSettled: () => refreshRecords(client),
  });
  if (!fields) return null;
  const shared = { name, isReadOnly };
  return (
    <tr role="row">
      <th role="rowheader" scope="row" className={classes.product}>
        {item.product ? (
          <Link to="/objects/$object/$recordId" params={{ object: products.name, recordId: item.product }}>
            {name}
          </Link>
        ) : (
          name
        )}
      </th>
      <td role="cell" data-label={t("lineItems:quantity")}>
        <LineItemCell
          {...shared}
          property={fields.quantity}
          value={item.quantity}
          text={formatNumber(item.quantity)}
          onSave={(value) => change({ quantity: value as number })}
        />
      </td>
      <td role="cell" data-label={t("lineItems:unitPrice")}>
        <LineItemCell
          {...shared}
          property={fields.unitPrice}
          value={item.unitPrice}
          text={item.unitPrice ? formatMoney(item.unitPrice) : "–"}
          onSave={(value) => change(value === null || isMoney(value) ? { unitPrice: value } : {})}
        />
      </td>
      <td role="cell" data-label={t("lineItems:discount")}>
        <LineItemCell
          {...shared}
          property={fields.discount}
          value={item.discount}
          text={item.discount ? `${formatNumber(item.discount)} %` : "–"}
          onSave={(value) => change({ discount: value as number | null })}
        />
      </td>
      <td role="cell" className={classes.total}>
        {item.total ? formatMoney(item.total) : "–"}
      </td>
      {!isReadOnly && (
        <td role="cell" className={classes.remove}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t("lineItems:remove", { name })}
            loading={remove.isPending}
            onClick={() => remove.mutate()}
          >
            <CloseIcon size={14} />
          </ActionIcon>
        </td>
      )}
    </tr>
  );
}

/** What it is called: by its own name, or as its product. */
function useProductName({ name, product }: LineItem, products: ObjectType, asOf: AsOf): string {
  const { data: record } = useQuery({
    ...linkedRecordQuery(products.name, product ?? "", asOf),
    enabled: Boolean(product),
  });
  if (name) return name;
  return record ? titleOf(record, products) : t("lineItems:unnamed");
}

/** Line items are no object of the schema that people see: their controls are those of the types. */
function fieldsFor({ properties: [some] }: ObjectType, currency: string | null | undefined) {
  if (!some) return null;
  const number: Property = { ...some, type: "number" };
  return {
    quantity: { ...number, label: t("lineItems:quantity") },
    unitPrice: { ...some, type: "money" as const, currency, label: t("lineItems:unitPrice") },
    discount: { ...number, label: t("lineItems:discount") },
  };
}

/** A product that is chosen is added at once, at its own price. */
function Adder({ dealId, products }: { dealId: string; products: ObjectType }) {
  const client = useQueryClient();
  const [added, setAdded] = useState(0);
  const add = useMutation({
    mutationFn: (product: string) => addLineItem(dealId, { product }),
    onSuccess: async () => {
      await refreshRecords(client);
      setAdded((count) => count + 1);
    },
  });
  const [some] = products.properties;
  if (!some) return null;
  const property: Property = { ...some, type: "record", targetObject: products.name };
  const { Edit } = fieldOf(property);
  const choose = (value: Value | null) => {
    if (typeof value === "string" && !add.isPending) add.mutate(value);
  };
  return (
    <div className={classes.adder}>
      <Edit key={added} value={null} property={property} onChange={choose} input={{ label: t("lineItems:add") }} />
      <Refusal error={add.error} />
    </div>
  );
}
