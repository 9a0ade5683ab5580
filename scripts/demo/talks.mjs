// What is said in the demo, in its order. A line is who, what, and what goes with it: `key` names it for others to answer
// (`re`), `to` are mentions, `files` pictures or papers, `likes` reactions with those who gave them.

export const TALKS = {
  garden: [
    [
      'mei',
      'Good morning! First tomatoes of the year 🍅',
      { key: 'tomatoes', files: ['tomatoes'], likes: { '😍': ['priya', 'jing', 'aiko'], '🍅': ['tom'] } },
    ],
    ['priya', 'Already? Mine are still the size of peas.', { re: 'tomatoes' }],
    ['mei', 'They stand by the south wall. Stones keep the warmth through the night.'],
    ['tom', 'Mine were eaten by snails. Twice.', { likes: { '😂': ['mei', 'jonas'], '🐌': ['priya'] } }],
    ['xiaoming', '可以试试在盆边撒一圈蛋壳，蜗牛不喜欢。', { key: 'shells', likes: { '👍': ['mei', 'jing', 'tom'] } }],
    ['tom', 'Eggshells around the pot, did I get that right?', { re: 'shells' }],
    ['jing', '对！还有咖啡渣也行。办公室里有的是 ☕️'],
    ['jonas', 'Finally a use for the office coffee.', { likes: { '😂': ['priya', 'tom', 'jing', 'mei'] } }],
    [
      'mei',
      'The list for Saturday, please add what you bring:\n1. Two shovels (Tom)\n2. Seeds: `basil`, `dill`, `chives`\n3. 面包 (静)\n4. Somebody who knows how to prune 🌳',
      { key: 'list', pin: true, likes: { '✅': ['tom', 'jing', 'priya'] } },
    ],
    ['priya', 'I bring lemonade and the big umbrella.', { re: 'list' }],
    ['mei', '@Tom Baker the shovels are in the shed, the key is with Jonas', { to: ['tom'] }],
    ['tom', '👍'],
    ['xiaoming', '周六几点？我从城东骑车过来，大概四十分钟。'],
    ['mei', '九点半，先喝茶 🍵', { likes: { '🍵': ['xiaoming', 'jing', 'aiko'] } }],
    ['jonas', 'Plan of the beds, to scale. The compost moves to the north side.', { files: ['plan'] }],
    ['jing', '收到，堆肥再也不会挡住自行车了。'],
    [
      'sofia',
      'Light over the beds this morning, seven minutes past six.',
      { key: 'light', files: ['garden', 'dawn'], likes: { '❤️': ['mei', 'aiko', 'priya', 'xiaoming'], '📷': ['tom'] } },
    ],
    ['aiko', 'きれい! May I draw this one?', { re: 'light' }],
    ['sofia', 'Please do.'],
    ['mei', 'Frame it, please. We hang it in the shed 🖼️', { likes: { '❤️': ['sofia', 'tom'] } }],
  ],
  release: [
    ['jonas', 'Freeze is in. From now on only what is on the list.', { pin: true }],
    [
      'tom',
      'Load test on two nodes ran through the night: nothing lost, nothing doubled.',
      { likes: { '🎉': ['mei', 'priya', 'jonas'] } },
    ],
    ['priya', 'Dark theme: two colours below 4.5:1, mended in the last build.'],
    [
      'mei',
      'Changelog is written, translation too. @陈静 would you read the Chinese one?',
      { to: ['jing'], key: 'log', files: ['notes'] },
    ],
    ['jing', '看过了，第三段改了两个词，其他都好。', { re: 'log', likes: { '🙏': ['mei'] } }],
    ['jonas', '```\n$ npm run check\n3,700 passed, 0 failed\n```'],
    ['tom', 'Beautiful.'],
  ],
  books: [
    ['xiaoming', '这个月读《边城》，大家读到哪里了？'],
    ['jing', '刚到端午那一章，写得真安静。', { likes: { '🛶': ['xiaoming', 'mei'] } }],
    [
      'mei',
      '我最喜欢开头："由四川过湖南去，靠东有一条官路。"',
      { key: 'opening', likes: { '❤️': ['xiaoming', 'aiko'] } },
    ],
    [
      'aiko',
      '日本語訳で読んでいます。渡し船の場面を描きました。',
      { files: ['ferry'], likes: { '😍': ['mei', 'xiaoming', 'jing'] } },
    ],
    ['xiaoming', '画得太好了！可以做这期的封面吗？'],
    ['aiko', '当然可以 😊'],
  ],
  photos: [
    [
      'sofia',
      'Dunes, the hour before the wind.',
      { files: ['dunes'], likes: { '😍': ['aiko', 'mei'], '🔥': ['tom'] } },
    ],
    ['tom', 'How long did you wait for that?'],
    ['sofia', 'Three mornings.'],
    [
      'aiko',
      'Harbour at four in the morning, nobody but gulls.',
      { files: ['harbour'], likes: { '❤️': ['sofia', 'priya'] } },
    ],
    ['mei', 'The colours! Which film?'],
  ],
  kitchen: [
    ['priya', 'Who took the last of the milk?'],
    ['jonas', 'The milk was taken by a process that has ended.', { likes: { '😂': ['tom', 'jing', 'priya'] } }],
    ['jing', '我做了肉桂卷，在冰箱旁边，每人一个！', { likes: { '🥐': ['tom', 'priya', 'jonas'] } }],
  ],
};

/** Direct talks, by the two. */
export const DIRECT = [
  {
    of: ['mei', 'tom'],
    lines: [
      ['tom', 'Are you coming to the lake on Sunday?'],
      ['mei', 'Yes! Do we take the early train?'],
      ['tom', '8:04 from platform 3, I have the tickets.', { likes: { '🚆': ['mei'] } }],
      ['mei', '太好了，我带早饭 🥟'],
      ['tom', 'Dumplings on a train. This is the life.'],
    ],
  },
  {
    of: ['mei', 'xiaoming'],
    lines: [
      ['xiaoming', '蛋壳有用吗？'],
      ['mei', '有用！一只蜗牛也没看见。'],
      ['xiaoming', '😎'],
    ],
  },
  { of: ['mei', 'aiko'], lines: [['aiko', 'I sent you the drawing of the ferry in full size.', { files: ['ferry'] }]] },
  { of: ['mei', 'mei'], lines: [['mei', 'Buy: string, labels, basil seeds']] },
];
