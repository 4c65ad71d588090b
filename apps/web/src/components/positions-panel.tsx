import type { OrderView, PositionView, StateView } from '../../../api/views.ts';
import { formatAmount, formatExact } from '../format/amount.ts';
import { formatDense, formatFull } from '../format/instant.ts';
import { humanise } from '../format/measure.ts';
import { usePage } from '../state/page.ts';
import { Direction } from './direction.tsx';
import { Icon } from './icon.tsx';
import { Panel } from './panel.tsx';
import { Result } from './result.tsx';
import { Skeleton } from './skeleton.tsx';

interface Named {
  readonly server: StateView;
}

const Protection = ({ position }: { readonly position: PositionView }) =>
  position.isProtected ? (
    <span className="protected">
      <Icon name="shield" /> protected
    </span>
  ) : (
    <span className="unprotected">
      <Icon name="warning" /> no stop at the venue
    </span>
  );

function Position({ position, server }: Named & { readonly position: PositionView }) {
  const { pricePlaces } = server.market;
  const price = (text: string | null) => (text === null ? '—' : formatAmount(text, pricePlaces));
  return (
    <tr data-testid="position-row">
      <td data-label="Position">
        <Direction direction={position.direction} /> {position.instrumentId}{' '}
        <span className="muted">{position.strategyId}</span>
      </td>
      <td className="right num" data-label="Size">
        {formatExact(position.quantity)} <span className="unit">{position.base}</span>
      </td>
      <td className="right num" data-label="Entry">
        {price(position.entryPrice)}
      </td>
      <td className="right num" data-label="Mark">
        {price(position.markPrice)}
      </td>
      <td className="right num" data-label="Stop">
        {price(position.stopPrice)}
      </td>
      <td className="right num" data-label="Target">
        {price(position.targetPrice)}
      </td>
      <td className="right" data-label="Open result">
        <Result amount={position.unrealised} places={2} unit={server.account.currency} />
      </td>
      <td data-label="Protection">
        <Protection position={position} />
      </td>
    </tr>
  );
}

const POSITION_COLUMNS = ['Size', 'Entry', 'Mark', 'Stop', 'Target', 'Open result'] as const;

const Positions = ({ server }: Named) => (
  <table className="table stacking" data-testid="positions">
    <caption className="visually-hidden">Open positions</caption>
    <thead>
      <tr>
        <th scope="col">Position</th>
        {POSITION_COLUMNS.map((name) => (
          <th key={name} scope="col" className="right">
            {name}
          </th>
        ))}
        <th scope="col">Protection</th>
      </tr>
    </thead>
    <tbody>
      {server.positions.map((position) => (
        <Position
          key={`${position.instrumentId} ${position.strategyId}`}
          position={position}
          server={server}
        />
      ))}
    </tbody>
  </table>
);

function Order({ order, server }: Named & { readonly order: OrderView }) {
  const { pricePlaces } = server.market;
  return (
    <tr title={order.id}>
      <td data-label="Order">
        {humanise(order.role)}{' '}
        <span className="muted">{humanise(order.type).toLowerCase()} order</span>
      </td>
      <td data-label="Side">{order.side}</td>
      <td className="right num" data-label="Quantity">
        {formatExact(order.quantity)}
      </td>
      <td className="right num" data-label="Filled">
        {formatExact(order.filled)}
      </td>
      <td className="right num" data-label="Price">
        {order.price === null ? 'market' : formatAmount(order.price, pricePlaces)}
      </td>
      <td data-label="State" className={order.unresolved ? 'unresolved' : undefined}>
        {order.unresolved && <Icon name="warning" />} {humanise(order.state).toLowerCase()}
      </td>
      <td className="right num muted" data-label="Since, UTC" title={formatFull(order.atMs)}>
        {formatDense(order.atMs)}
      </td>
    </tr>
  );
}

interface OrdersProps extends Named {
  readonly caption: string;
  readonly orders: readonly OrderView[];
  readonly testId?: string;
}

const Orders = ({ caption, orders, server, testId }: OrdersProps) => (
  <table className="table stacking" data-testid={testId}>
    <caption>{caption}</caption>
    <thead>
      <tr>
        <th scope="col">Order</th>
        <th scope="col">Side</th>
        <th scope="col" className="right">
          Quantity
        </th>
        <th scope="col" className="right">
          Filled
        </th>
        <th scope="col" className="right">
          Price
        </th>
        <th scope="col">State</th>
        <th scope="col" className="right">
          Since, UTC
        </th>
      </tr>
    </thead>
    <tbody>
      {orders.map((order) => (
        <Order key={order.id} order={order} server={server} />
      ))}
    </tbody>
  </table>
);

const ExternalOrders = ({ server }: Named) => (
  <table className="table stacking" data-testid="external-orders">
    <caption>At the venue, and not ours: watched and left alone</caption>
    <thead>
      <tr>
        <th scope="col">Order</th>
        <th scope="col">Instrument</th>
        <th scope="col">Side</th>
        <th scope="col" className="right">
          Quantity
        </th>
      </tr>
    </thead>
    <tbody>
      {server.externalOrders.map((order) => (
        <tr key={order.venueOrderId}>
          <td data-label="Order">{order.venueOrderId}</td>
          <td data-label="Instrument">{order.instrumentId}</td>
          <td data-label="Side">{order.side}</td>
          <td className="right num" data-label="Quantity">
            {formatExact(order.quantity)}
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

/** Three lists, each only when there is something in it: unknown, resting, foreign. */
function OrderLists({ server }: Named) {
  const unresolved = server.orders.filter((order) => order.unresolved);
  const resting = server.orders.filter((order) => !order.unresolved);
  return (
    <>
      {unresolved.length > 0 && (
        <Orders
          caption="Nobody knows yet whether the venue has these; it is being asked"
          orders={unresolved}
          server={server}
          testId="unresolved-orders"
        />
      )}
      {resting.length > 0 && <Orders caption="Resting orders" orders={resting} server={server} />}
      {server.externalOrders.length > 0 && <ExternalOrders server={server} />}
    </>
  );
}

/** What is held, whether a stop stands behind it, and what rests at the venue. */
export function PositionsPanel() {
  const server = usePage((state) => state.server);
  return (
    <Panel title="Positions" className="positions">
      {server === null && <Skeleton lines={2} />}
      {server?.positions.length === 0 && (
        <p className="empty" data-testid="positions">
          Flat. A position appears here once an approved order has filled, together with its stop.
        </p>
      )}
      {server !== null && server.positions.length > 0 && <Positions server={server} />}
      {server !== null && <OrderLists server={server} />}
    </Panel>
  );
}
