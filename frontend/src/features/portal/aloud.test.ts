import { expect, it } from 'vitest'
import { spelled, wordsOf } from './aloud'

it('reads headings, sentences, what was filled in, then what can be pressed; nothing hidden, nothing twice', () => {
  document.body.innerHTML = `<main><h1>上报问题</h1><p>请写 <b>一句话</b></p><p aria-hidden="true">×</p><p hidden>藏</p>
    <textarea></textarea><input value="和平路"><input type="radio" value="yes"><label>解决了吗</label><button aria-label="删除第 1 张照片">×</button><input data-silent value="https://x"></main>`
  expect(wordsOf(document.body)).toEqual(['上报问题', '请写 一句话', '和平路', '解决了吗', '删除第 1 张照片'])
})

it('says numbers digit by digit, amounts as they are', () => {
  expect(spelled('编号 202603160000001，2 小时')).toBe('编号 2 0 2 6 0 3 1 6 0 0 0 0 0 0 1，2 小时')
})
