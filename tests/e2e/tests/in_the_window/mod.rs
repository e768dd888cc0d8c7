mod ledger;
mod main_job;
mod screens;
