import { describe, expect, it } from 'vitest'
import { mount, RouterLinkStub } from '@vue/test-utils'
import GuideNodes, { type GuideNode } from './GuideNodes'

const html = (...nodes: GuideNode[]) => mount(GuideNodes, { props: { nodes }, global: { stubs: { RouterLink: RouterLinkStub } } }).html()

describe('a guide', () => {
  it('is built of its elements', () => {
    expect(html({ tag: 'h2', id: 'x', children: [{ text: '立案' }] })).toContain('<h2 id="x">立案</h2>')
  })
  it('shows hostile words as words', () => {
    expect(html({ tag: 'p', children: [{ text: '<img src=x onerror=alert(1)>' }] })).toContain('&lt;img src=x onerror=alert(1)&gt;')
  })
  it('knows no other elements, addresses or pictures', () => {
    expect(html({ tag: 'script', children: [{ text: 'x' }] })).not.toContain('<script')
    expect(html({ tag: 'a', href: 'javascript:alert(1)', children: [{ text: 'x' }] })).not.toContain('href')
    expect(html({ tag: 'img', src: 'https://elsewhere.invalid/x.png', alt: '' })).not.toContain('<img')
  })
})
