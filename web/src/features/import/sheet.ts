/** The beginning of a CSV file, read in the browser: its columns and the first rows, to choose by. The server reads the file itself. */
import Papa from "papaparse";

export interface Sheet {
  columns: string[];
  /** The first rows. */
  rows: string[][];
  delimiter: string;
  /** Of all rows; exact where the whole file was read. */
  rowCount: number;
  isWhole: boolean;
}

const READ_BYTES = 256 * 1024;
const SAMPLE_ROWS = 200;

/** Null where there is no header to be found. */
export async function readSheet(file: File): Promise<Sheet | null> {
  const isWhole = file.size <= READ_BYTES;
  const bytes = await file.slice(0, READ_BYTES).arrayBuffer();
  const text = decoded(bytes, isWhole);
  const { data, meta } = Papa.parse<string[]>(text, { skipEmptyLines: "greedy" });
  // The last row of a part may be cut in the middle.
  const [header, ...rows] = isWhole ? data : data.slice(0, -1);
  if (!header || header.every((name) => name.trim() === "")) return null;
  return {
    columns: header.map((name) => name.trim()),
    rows: rows.slice(0, SAMPLE_ROWS),
    delimiter: meta.delimiter,
    rowCount: isWhole ? rows.length : Math.round((rows.length * file.size) / READ_BYTES),
    isWhole,
  };
}

/** UTF-8, UTF-16 with its mark, or else what Windows writes. */
function decoded(bytes: ArrayBuffer, isWhole: boolean): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The first different values of a column that are not empty. */
export function samplesOf(sheet: Sheet, column: number, most = SAMPLE_ROWS): string[] {
  const values = new Set<string>();
  for (const row of sheet.rows) {
    const value = row[column]?.trim() ?? "";
    if (value !== "") values.add(value);
    if (values.size >= most) break;
  }
  return [...values];
}

/** A refused row: where it stands, what is wrong, and with which value. */
export interface RefusedRow {
  line: number;
  column: string;
  message: string;
  value: string;
}

/** The server's file of refused rows: the file's own columns, then line, code, message and column. */
export function readRefused(text: string): RefusedRow[] {
  const [header = [], ...rows] = Papa.parse<string[]>(text, { skipEmptyLines: true, delimiter: "," }).data;
  const own = header.length - 4;
  return rows.map((row) => {
    const [line = "", , message = "", column = ""] = row.slice(own);
    const place = header.slice(0, own).indexOf(column);
    return { line: Number(line), column, message, value: place < 0 ? "" : (row[place] ?? "") };
  });
}
