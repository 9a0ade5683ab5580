/** Chinese for what the server adds to a code in English. */
export const DETAILS: Readonly<Record<string, string>> = {
  'The user name or the password is wrong.': '用户名或密码不正确。',
  'The present password is wrong.': '当前密码不正确。',
  'This account is suspended.': '该账号已被停用。',
  'Registration is closed.': '此服务器不开放注册。',
  'Guests are not let in.': '此服务器不接待访客。',
  'That user name is taken.': '该用户名已被占用。',
  'That e-mail address is taken.': '该邮箱已被使用。',
  'That e-mail address belongs to another account.': '该邮箱属于另一个账号。',
  'You are friends already.': '你们已经是好友了。',
  'Hand the room over to change this role.': '请先移交房间，再更改此角色。',
  'The room has too many invites; revoke some.': '邀请链接太多，请先撤销一些。',
  'Messages are not searched here.': '此服务器不提供消息搜索。',
  'Too many attachments wait to be sent; send or delete some.': '待发送的附件太多，请先发送或删除一些。',
  'A forwarded message cannot be edited.': '转发的消息不能编辑。',
  'As many messages are pinned here as may be.': '置顶的消息已达上限。',
};
