//! What an expression expects to find around it.
//!
//! On AWS an expression starts from nothing but `$states` and variables: a bare field name, `$` or `$$` at its top level has no value.

use jsonata_core::ast::{AstNode, BinaryOp};

/// The first field name, `$` or `$$` that is looked up at the top level.
// The recursion is bounded, since the nesting of expressions is checked before they are parsed.
pub(super) fn bare_name(node: &AstNode) -> Option<String> {
    let any = |nodes: &[AstNode]| nodes.iter().find_map(bare_name);
    match node {
        AstNode::Name(name) => Some(name.clone()),
        AstNode::Variable(name) if name.is_empty() => Some("$".to_owned()),
        AstNode::ParentVariable(_) => Some("$$".to_owned()),
        AstNode::Path { steps } => steps.first().and_then(|step| bare_name(&step.node)),
        AstNode::Binary { op, lhs, rhs } => match op {
            BinaryOp::ColonEqual => bare_name(rhs),
            BinaryOp::FocusBind | BinaryOp::IndexBind => bare_name(lhs),
            _ => bare_name(lhs).or_else(|| bare_name(rhs)),
        },
        AstNode::Unary { operand, .. } => bare_name(operand),
        AstNode::Function { args, .. } => any(args),
        AstNode::Call { procedure, args } => bare_name(procedure).or_else(|| any(args)),
        AstNode::Array(items) | AstNode::Block(items) => any(items),
        AstNode::Object(pairs) => pairs
            .iter()
            .find_map(|(key, value)| bare_name(key).or_else(|| bare_name(value))),
        AstNode::ObjectTransform { input, .. } | AstNode::Sort { input, .. } => bare_name(input),
        AstNode::Conditional {
            condition,
            then_branch,
            else_branch,
        } => bare_name(condition)
            .or_else(|| bare_name(then_branch))
            .or_else(|| bare_name(else_branch.as_deref()?)),
        // Functions have a context of their own.
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_top_level_counts() {
        for (source, name) in [
            ("$states.input.order[total > 5].id", None),
            ("$map($list, function($v) { $v.name })", None),
            ("$sum($states.input.items.(price * amount))", None),
            ("($x := 1; $x + $y)", None),
            ("{ 'a': $states.input, 'b': [1, $y] }", None),
            ("$states.input ~> $string()", None),
            ("$filter($list, function($v) { $v > 1 })^(price)", None),
            ("name", Some("name")),
            ("order.id & 'x'", Some("order")),
            ("$count($)", Some("$")),
            ("$$.input", Some("$$")),
            ("$states.input ? name : 1", Some("name")),
            ("{ 'a': [1, `odd name`] }", Some("odd name")),
        ] {
            let tree = jsonata_core::parser::parse(source).unwrap();
            assert_eq!(bare_name(&tree).as_deref(), name, "{source}");
        }
    }
}
