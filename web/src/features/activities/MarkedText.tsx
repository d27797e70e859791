/** A text with the marks of notes, as a part of the page. */
import { Fragment } from "react";
import { blocksOf, type Inline } from "./marks";
import classes from "./MarkedText.module.css";

export function MarkedText({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {blocksOf(text).map((block, index) =>
        block.is === "list" ? (
          <ul key={index} className={classes.list}>
            {block.items.map((item, place) => (
              <li key={place}>
                <Parts parts={item} />
              </li>
            ))}
          </ul>
        ) : (
          <p key={index}>
            {block.lines.map((line, place) => (
              <Fragment key={place}>
                {place > 0 && <br />}
                <Parts parts={line} />
              </Fragment>
            ))}
          </p>
        ),
      )}
    </div>
  );
}

function Parts({ parts }: { parts: Inline[] }) {
  return parts.map((part, index) => {
    switch (part.is) {
      case "text":
        return <Fragment key={index}>{part.text}</Fragment>;
      case "bold":
        return <b key={index}>{part.text}</b>;
      case "italic":
        return <i key={index}>{part.text}</i>;
      case "link":
        return (
          <a key={index} href={part.href} target="_blank" rel="noreferrer">
            {part.text}
          </a>
        );
    }
  });
}
