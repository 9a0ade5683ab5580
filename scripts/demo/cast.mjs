// Who lives in the demo, and where they meet.

/** All have the same password. */
export const PASSWORD = 'parley demo only';

/** By the name that the talks use: how each is called, and what stands on his card. */
export const CAST = {
  mei: {
    displayName: '林梅 Mei',
    bio: 'Gardens, tea, TypeScript. 杭州',
    status: { emoji: '🌱', text: 'in the garden' },
  },
  tom: {
    displayName: 'Tom Baker',
    bio: 'Keeps the servers warm.',
    status: { emoji: '🚆', text: 'on the train until 10' },
  },
  priya: { displayName: 'Priya Nair', bio: 'Design, and everything with paper.', status: null },
  xiaoming: { displayName: '王小明', bio: '读书、跑步、写代码。', status: { emoji: '📚', text: '正在读《边城》' } },
  sofia: { displayName: 'Sofía García', bio: 'Photographs light.', status: null },
  jing: { displayName: '陈静', bio: '产品经理，也做面包。', status: { emoji: '🥖', text: '发酵中' } },
  jonas: { displayName: 'Jonas Weber', bio: 'Release engineer. Deletes more than he adds.', status: null },
  aiko: { displayName: 'Aiko 愛子', bio: 'Illustrator in Kyoto.', status: { emoji: '🎨', text: 'drawing' } },
};

/** The rooms; the first member owns it, the second one is an admin. */
export const ROOMS = {
  garden: {
    draft: { name: 'Garden 花园', topic: 'What grows, what blooms, what the snails left', visibility: 'public' },
    picture: 'garden',
    members: ['mei', 'priya', 'tom', 'xiaoming', 'sofia', 'jing', 'jonas', 'aiko'],
  },
  release: {
    draft: { name: 'Release 2.4', topic: 'Freeze on Thursday, out on Monday', visibility: 'private' },
    picture: 'harbour',
    members: ['jonas', 'tom', 'mei', 'priya', 'jing'],
  },
  books: {
    draft: { name: '读书会', topic: '每月一本，周日晚上八点', visibility: 'public' },
    picture: 'dusk',
    members: ['xiaoming', 'jing', 'mei', 'aiko'],
  },
  photos: {
    draft: { name: 'Photography', topic: 'Show one, say one thing about it', visibility: 'public' },
    picture: 'dunes',
    members: ['sofia', 'aiko', 'mei', 'priya', 'tom'],
  },
  kitchen: {
    draft: { name: 'Office kitchen', topic: 'Coffee is empty again', visibility: 'public' },
    picture: null,
    members: ['priya', 'jing', 'tom', 'jonas'],
  },
};

/** Who is there, as long as the demo runs. */
export const HERE = ['tom', 'priya', 'xiaoming', 'aiko'];

/** Friends of Mei, through whose eyes the pictures are taken; the last one still waits for her answer. */
export const FRIENDS = ['tom', 'priya', 'xiaoming', 'aiko'];
export const ASKS = { who: 'sofia', message: 'We met at the lake. The photos are ready!' };
