pub mod emit;
pub mod lag;
