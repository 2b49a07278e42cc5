// Elements of a guide, built by name from the server's tree. No text ever becomes HTML.
import { h, type FunctionalComponent, type VNode } from 'vue'
import { RouterLink } from 'vue-router'

export type GuideNode = { text?: string | null; tag?: string | null; id?: string | null; href?: string | null; src?: string | null; alt?: string | null; children?: GuideNode[] }

const TAGS = new Set(['p', 'ul', 'ol', 'li', 'strong', 'em', 'code', 'pre', 'blockquote', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'hr', 'br', 'h1', 'h2', 'h3', 'h4'])
const SAFE = /^(\/(?!\/)|#|https:\/\/|tel:)/
const ROOMS = /^\/(centre|cases|approvals|supervision|manage|help)\//

export function built(node: GuideNode): VNode | string {
  if (typeof node.text === 'string') return node.text
  const inner = () => (node.children ?? []).map(built)
  const tag = node.tag ?? ''
  if (tag === 'a' && node.href && SAFE.test(node.href)) return ROOMS.test(node.href) ? h(RouterLink, { to: node.href }, inner) : h('a', { href: node.href }, inner())
  if (tag === 'img' && node.src?.startsWith('/api/v1/help/pictures/')) return h('img', { src: node.src, alt: node.alt ?? '', loading: 'lazy' })
  if (!TAGS.has(tag)) return h('span', inner())
  const wide = tag === 'table' || tag === 'pre'
  const made = h(tag, { id: node.id ?? undefined, class: tag === 'table' ? 'plain' : undefined, scope: tag === 'th' ? 'col' : undefined }, inner())
  return wide ? h('div', { class: 'scroll', tabindex: 0 }, [made]) : made
}

const GuideNodes: FunctionalComponent<{ nodes: GuideNode[] }> = (props) => props.nodes.map(built)
GuideNodes.props = ['nodes']
export default GuideNodes
