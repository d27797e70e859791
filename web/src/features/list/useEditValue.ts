/** Setting one value from the list: seen at once, taken back by one press, put back where the server refuses it. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "i18next";
import { refreshRecords, showValues, updateRecord } from "../../api/records";
import type { LeadlineRecord, Property, Value } from "../../api/types";
import { notify } from "../../ui/notices";

interface Edit {
  record: LeadlineRecord;
  property: Property;
  value: Value | null;
}

export function useEditValue(onRefused: (edit: Edit, error: Error) => void) {
  const client = useQueryClient();
  const before = ({ record, property }: Edit) => ({ [property.name]: record.properties[property.name] ?? null });
  const show = ({ record }: Edit, values: Record<string, Value | null>) =>
    showValues(client, record.object, record.id, values);

  return useMutation({
    mutationFn: ({ record, property, value }: Edit) =>
      updateRecord(record.object, record.id, { [property.name]: value }),
    onMutate: (edit) => show(edit, { [edit.property.name]: edit.value }),
    onError: (error, edit) => {
      show(edit, before(edit));
      onRefused(edit, error);
    },
    onSuccess: (_, edit) => {
      notify({
        text: t("list:changed", { property: edit.property.label }),
        undo: () => {
          show(edit, before(edit));
          void updateRecord(edit.record.object, edit.record.id, before(edit)).finally(() => refreshRecords(client));
        },
      });
    },
    onSettled: () => refreshRecords(client),
  });
}
