//! Places nodes in columns, from left to right, and edges between them.

/// Between a column's labels and nodes, and between the nodes of a column.
const GAP: f64 = 72.0;
const SPACE: f64 = 26.0;
/// Between edges that end at one node: their captions stand between them.
const PORT: f64 = 20.0;
/// How often the order within columns is improved.
const SWEEPS: usize = 8;

#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub width: f64,
    pub height: f64,
}

#[derive(Debug, Clone, Copy, Default)]
pub struct Placed {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

/// From the right side of a node, through the columns in between, to the left side of another.
#[derive(Debug, Clone, Default)]
pub struct Route {
    pub points: Vec<(f64, f64)>,
}

pub struct Laid {
    pub nodes: Vec<Placed>,
    /// In the order of the edges.
    pub routes: Vec<Route>,
    pub width: f64,
    pub height: f64,
}

/// A node, or the place where a long edge passes a column.
struct Item {
    size: Size,
    column: usize,
    before: Vec<usize>,
    behind: Vec<usize>,
}

/// Lays a graph out. Edges are `(from, to, width of its caption)`; nodes that are `last` stand in the
/// last column where nothing leads on from them.
pub fn lay(sizes: &[Size], edges: &[(usize, usize, f64)], last: &dyn Fn(usize) -> bool) -> Laid {
    let columns = columns(sizes.len(), edges, last);
    let mut items: Vec<Item> = sizes
        .iter()
        .zip(&columns)
        .map(|(size, column)| Item {
            size: *size,
            column: *column,
            before: Vec::new(),
            behind: Vec::new(),
        })
        .collect();
    let chains: Vec<Vec<usize>> = edges
        .iter()
        .map(|(from, to, _)| chain(&mut items, *from, *to))
        .collect();
    for item in &mut items {
        let ports = item.before.len().max(item.behind.len());
        item.size.height = item.size.height.max(PORT * ports as f64 + 8.0);
    }
    let count = columns.iter().max().map_or(0, |most| most + 1);
    let order = order(&items, count);
    let (nodes, width, height) = place(&items, &order, edges, &chains);
    let routes = chains
        .iter()
        .map(|chain| route(chain, &items, &nodes))
        .collect();
    Laid {
        nodes: nodes[..sizes.len()].to_vec(),
        routes,
        width,
        height,
    }
}

/// The column of each node: behind all from which an edge leads to it. Edges that lead back, which
/// are rare, do not count.
fn columns(
    count: usize,
    edges: &[(usize, usize, f64)],
    last: &dyn Fn(usize) -> bool,
) -> Vec<usize> {
    let mut columns = vec![0_usize; count];
    // Longest paths: one round settles at least one more node, and a circle ends with the rounds.
    for _ in 0..count {
        let mut changed = false;
        for (from, to, _) in edges {
            if columns[*to] <= columns[*from] && columns[*from] + 1 < count {
                columns[*to] = columns[*from] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    let most = columns.iter().copied().max().unwrap_or(0);
    for (number, column) in columns.iter_mut().enumerate() {
        if last(number) && edges.iter().all(|(from, _, _)| *from != number) {
            *column = most;
        }
    }
    columns
}

/// Ties two nodes by way of every column in between; gives the items passed.
fn chain(items: &mut Vec<Item>, from: usize, to: usize) -> Vec<usize> {
    let mut chain = vec![from];
    for column in items[from].column + 1..items[to].column {
        items.push(Item {
            size: Size {
                width: 0.0,
                height: PORT,
            },
            column,
            before: Vec::new(),
            behind: Vec::new(),
        });
        chain.push(items.len() - 1);
    }
    chain.push(to);
    for pair in chain.windows(2) {
        items[pair[0]].behind.push(pair[1]);
        items[pair[1]].before.push(pair[0]);
    }
    chain
}

/// The items of each column from top to bottom, with few crossings.
fn order(items: &[Item], count: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (number, item) in items.iter().enumerate() {
        order[item.column].push(number);
    }
    for sweep in 0..SWEEPS {
        let forth = sweep % 2 == 0;
        let columns: Vec<usize> = match forth {
            true => (0..count).collect(),
            false => (0..count).rev().collect(),
        };
        for column in columns {
            let position = positions(&order, items.len());
            let mean = |number: usize| {
                let item = &items[number];
                let beside = if forth { &item.before } else { &item.behind };
                match beside.len() {
                    0 => position[number],
                    some => beside.iter().map(|other| position[*other]).sum::<f64>() / some as f64,
                }
            };
            let mut keyed: Vec<(f64, usize)> =
                order[column].iter().map(|one| (mean(*one), *one)).collect();
            // Stable, so that what is even stays as the report has it.
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            order[column] = keyed.into_iter().map(|(_, number)| number).collect();
        }
    }
    order
}

/// How far down its column each item stands, from 0 to 1.
fn positions(order: &[Vec<usize>], count: usize) -> Vec<f64> {
    let mut position = vec![0.0; count];
    for column in order {
        for (at, number) in column.iter().enumerate() {
            position[*number] = (at as f64 + 0.5) / column.len() as f64;
        }
    }
    position
}

fn place(
    items: &[Item],
    order: &[Vec<usize>],
    edges: &[(usize, usize, f64)],
    chains: &[Vec<usize>],
) -> (Vec<Placed>, f64, f64) {
    let tall = |column: &Vec<usize>| {
        let heights: f64 = column.iter().map(|one| items[*one].size.height).sum();
        heights + SPACE * column.len().saturating_sub(1) as f64
    };
    let height = order.iter().map(tall).fold(0.0, f64::max);
    let mut nodes = vec![Placed::default(); items.len()];
    let mut x = 0.0;
    for (number, column) in order.iter().enumerate() {
        // Captions stand before the node at which their edge ends.
        let ends = chains.iter().zip(edges);
        let captions = ends
            .filter(|(chain, _)| chain.last().is_some_and(|to| items[*to].column == number))
            .map(|(_, (_, _, caption))| *caption);
        let captions = captions.fold(0.0, f64::max);
        if number > 0 {
            x += GAP + captions;
        }
        let width = column
            .iter()
            .map(|one| items[*one].size.width)
            .fold(0.0, f64::max);
        let mut y = (height - tall(column)) / 2.0;
        for one in column {
            let size = items[*one].size;
            nodes[*one] = Placed {
                x,
                y,
                width: if size.width > 0.0 { size.width } else { width },
                height: size.height,
            };
            y += size.height + SPACE;
        }
        x += width;
    }
    (nodes, x, height)
}

/// The points of an edge; several at one node are spread over its side.
fn route(chain: &[usize], items: &[Item], nodes: &[Placed]) -> Route {
    let mut points = Vec::new();
    for (at, number) in chain.iter().enumerate() {
        let node = &nodes[*number];
        let port = |others: &[usize], other: usize| {
            let mut sorted = others.to_vec();
            sorted.sort_by(|a, b| nodes[*a].y.total_cmp(&nodes[*b].y));
            let at = sorted.iter().position(|one| *one == other).unwrap_or(0);
            let middle = node.y + node.height / 2.0;
            middle + PORT * (at as f64 - (others.len() as f64 - 1.0) / 2.0)
        };
        if at > 0 {
            points.push((node.x, port(&items[*number].before, chain[at - 1])));
        }
        if at + 1 < chain.len() {
            points.push((
                node.x + node.width,
                port(&items[*number].behind, chain[at + 1]),
            ));
        }
    }
    Route { points }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid(count: usize, edges: &[(usize, usize, f64)]) -> Laid {
        let size = Size {
            width: 100.0,
            height: 30.0,
        };
        lay(&vec![size; count], edges, &|_| false)
    }

    #[test]
    fn edges_lead_to_the_right() {
        let laid = laid(4, &[(0, 1, 10.0), (1, 2, 10.0), (0, 2, 0.0), (0, 3, 0.0)]);
        let x: Vec<f64> = laid.nodes.iter().map(|node| node.x).collect();
        assert!(x[0] < x[1] && x[1] < x[2]);
        assert_eq!(x[1], x[3]);
        for route in &laid.routes {
            assert!(route.points.windows(2).all(|pair| pair[0].0 <= pair[1].0));
        }
    }

    #[test]
    fn nodes_lie_apart() {
        let edges: Vec<(usize, usize, f64)> = (1..9).map(|to| (0, to, 5.0)).collect();
        let laid = laid(9, &edges);
        let mut y: Vec<f64> = laid.nodes[1..].iter().map(|node| node.y).collect();
        y.sort_by(f64::total_cmp);
        assert!(y.windows(2).all(|pair| pair[1] - pair[0] >= 30.0 + SPACE));
        assert!(laid.nodes[0].height >= PORT * 8.0);
    }

    #[test]
    fn circles_end() {
        let laid = laid(3, &[(0, 1, 0.0), (1, 2, 0.0), (2, 0, 0.0)]);
        assert_eq!(laid.nodes.len(), 3);
        assert!(laid.width.is_finite() && laid.height.is_finite());
        assert_eq!(super::lay(&[], &[], &|_| true).nodes.len(), 0);
    }
}
