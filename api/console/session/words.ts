import { currentLanguage } from '../shell/text.ts';

const words = {
  logIn: ['登录', 'Log in'],
  logOut: ['退出登录', 'Log out'],
  name: ['用户名', 'User name'],
  password: ['密码', 'Password'],
  newPassword: ['新密码（至少 10 个字符）', 'New password (10 characters or more)'],
  again: ['再输一次', 'Once more'],
  differ: ['两次输入不一致', 'The two are not alike'],
  firstAdmin: ['设置第一个管理员', 'Make the first administrator'],
  mustChange: ['首次登录，请先修改密码', 'First log-in: please change the password'],
  set: ['确定', 'Set'],
  provider: ['统一认证登录', 'Log in with the organisation’s account'],
  refusedForbidden: ['统一认证：该账号未获授权', 'The organisation’s account may not be used here'],
  refusedBusy: ['统一认证暂无响应，请稍后再试', 'The organisation’s log-in does not answer; try again later'],
  refusedOther: ['统一认证登录未完成，请重试', 'The organisation’s log-in was not completed; please try again'],
  orKey: ['或使用访问密钥', 'Or use an access key'],
} as const;

/** What the forms of logging in say, in the language chosen. */
export function loginWord(name: keyof typeof words): string {
  return words[name][currentLanguage() === 'zh' ? 0 : 1];
}
