/**
 * The page's only script: a click on a column's head sorts the table by it, another turns it round. Without script there is a table,
 * smallest first, and no button that does nothing.
 */
export const SORT_SCRIPT = `
for (const table of document.querySelectorAll('table')) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of heads) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const of = row => row.cells[column].dataset.value;
      const isText = [...body.rows].some(row => Number.isNaN(Number(of(row))));
      const compare = (a, b) => isText ? (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0) : of(a) - of(b);
      body.append(...[...body.rows].sort((a, b) => down ? compare(b, a) : compare(a, b)));
    });
  });
}
`;
