/** The books of Tally's customers. A real API has them in a database. */
export const ledgers = new Map([
  [
    'ana',
    {
      entries: [
        { text: 'Bakery Rosa, bread for March', amount: '-84.20' },
        { text: 'Rent', amount: '-950.00' },
        { text: 'Invoice 17, paid', amount: '2238.70' },
      ],
      balance: '1204.50',
    },
  ],
]);
