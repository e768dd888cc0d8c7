//! Reading Map states.

use super::Reader;
use super::object::{Object, Range};
use crate::syntax::{
    ItemBatcher, ItemProcessor, ItemReader, Machine, Map, ProcessorConfig, QueryLanguage,
    ResultWriter,
};
use serde_json::{Map as JsonMap, Value};

const PROCESSOR: &[&str] = &[
    "Comment",
    "QueryLanguage",
    "StartAt",
    "States",
    "ProcessorConfig",
];
const FORMATS: &[&str] = &["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"];

impl Reader {
    pub(super) fn map(&mut self, object: &Object<'_>, language: QueryLanguage) -> Map {
        self.exclusive(object, &["ItemSelector", "Parameters"]);
        self.exclusive(object, &["ItemProcessor", "Iterator"]);
        let selector = object
            .get("ItemSelector")
            .or_else(|| object.get("Parameters"));
        Map {
            items_path: self.string(object, "ItemsPath"),
            items: self.items(object),
            item_selector: selector.cloned(),
            processor: self.processor(object),
            reader: self
                .object(object, "ItemReader")
                .map(|reader| self.item_reader(&reader, language)),
            batcher: self
                .object(object, "ItemBatcher")
                .map(|batcher| self.item_batcher(&batcher, language)),
            writer: self
                .object(object, "ResultWriter")
                .map(|writer| self.result_writer(&writer, language)),
            max_concurrency: self.quantity(object, "MaxConcurrency", language, Range::Integer(0)),
            tolerated_failure_count: self.quantity(
                object,
                "ToleratedFailureCount",
                language,
                Range::Integer(0),
            ),
            tolerated_failure_percentage: self.quantity(
                object,
                "ToleratedFailurePercentage",
                language,
                Range::Percentage,
            ),
            label: self.string(object, "Label"),
        }
    }

    fn items(&mut self, object: &Object<'_>) -> Option<Value> {
        let items = object.get("Items")?;
        let fits = matches!(items, Value::Array(_) | Value::Object(_) | Value::String(_));
        if !fits {
            self.wrong_type(object.at("Items"), "Array or a JSONata expression");
        }
        fits.then(|| items.clone())
    }

    fn processor(&mut self, object: &Object<'_>) -> ItemProcessor {
        let name = match object.has("Iterator") && !object.has("ItemProcessor") {
            true => "Iterator",
            false => "ItemProcessor",
        };
        self.require(object, &[name]);
        let Some(processor) = self.object(object, name) else {
            return ItemProcessor {
                machine: Machine {
                    pointer: object.at(name),
                    query_language: self.language,
                    ..Machine::default()
                },
                config: ProcessorConfig::default(),
            };
        };
        let config = self
            .object(&processor, "ProcessorConfig")
            .map(|config| self.processor_config(&config))
            .unwrap_or_default();
        ItemProcessor {
            machine: self.nested(&processor, PROCESSOR),
            config,
        }
    }

    fn processor_config(&mut self, object: &Object<'_>) -> ProcessorConfig {
        self.extra(object, &["Mode", "ExecutionType"]);
        let mode = self.one_of(object, "Mode", &["INLINE", "DISTRIBUTED"]);
        let kind = self.one_of(object, "ExecutionType", &["STANDARD", "EXPRESS"]);
        let distributed = mode.as_deref() == Some("DISTRIBUTED");
        if distributed {
            self.require(object, &["ExecutionType"]);
        }
        ProcessorConfig {
            distributed,
            express: kind.as_deref() == Some("EXPRESS"),
        }
    }

    fn item_reader(&mut self, object: &Object<'_>, language: QueryLanguage) -> ItemReader {
        self.require(object, &["Resource"]);
        let template = template_name(language);
        self.extra(object, &["Resource", "ReaderConfig", template]);
        let mut reader = ItemReader {
            pointer: object.pointer.clone(),
            resource: self.string(object, "Resource").unwrap_or_default(),
            arguments: object.get(template).cloned(),
            ..ItemReader::default()
        };
        let Some(config) = self.object(object, "ReaderConfig") else {
            return reader;
        };
        let mut known = vec![
            "InputType",
            "Transformation",
            "CSVHeaderLocation",
            "CSVHeaders",
            "CSVDelimiter",
            "MaxItems",
            "ManifestType",
            "ItemsPointer",
        ];
        if language == QueryLanguage::JsonPath {
            known.push("MaxItemsPath");
        }
        self.extra(&config, &known);
        reader.input_type = self.one_of(&config, "InputType", FORMATS);
        reader.csv_header_location =
            self.one_of(&config, "CSVHeaderLocation", &["FIRST_ROW", "GIVEN"]);
        reader.csv_headers = self.strings(&config, "CSVHeaders");
        reader.csv_delimiter = self.one_of(
            &config,
            "CSVDelimiter",
            &["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"],
        );
        reader.max_items = self.quantity(&config, "MaxItems", language, Range::Integer(0));
        if reader.csv_header_location.as_deref() == Some("GIVEN") {
            self.require(&config, &["CSVHeaders"]);
        }
        reader.config = cloned(&config);
        reader
    }

    fn item_batcher(&mut self, object: &Object<'_>, language: QueryLanguage) -> ItemBatcher {
        let sizes = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"];
        let mut known = vec!["BatchInput"];
        known.extend(sizes);
        if language == QueryLanguage::JsonPath {
            known.extend(["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"]);
        }
        self.extra(object, &known);
        if !known.iter().skip(1).any(|name| object.has(name)) {
            self.schema(
                object.pointer.clone(),
                format!("One of these fields is required: [{}]", sizes.join(", ")),
            );
        }
        let [items, bytes] = sizes;
        ItemBatcher {
            pointer: object.pointer.clone(),
            max_items: self.quantity(object, items, language, Range::Integer(1)),
            max_input_bytes: self.quantity(object, bytes, language, Range::Integer(1)),
            batch_input: object.get("BatchInput").cloned(),
        }
    }

    fn result_writer(&mut self, object: &Object<'_>, language: QueryLanguage) -> ResultWriter {
        let template = template_name(language);
        self.extra(object, &["Resource", "WriterConfig", template]);
        let config = self.object(object, "WriterConfig");
        if let Some(config) = &config {
            self.extra(config, &["OutputType", "Transformation"]);
            self.one_of(config, "OutputType", &["JSON", "JSONL"]);
            self.one_of(config, "Transformation", &["NONE", "COMPACT", "FLATTEN"]);
        }
        ResultWriter {
            pointer: object.pointer.clone(),
            resource: self.string(object, "Resource"),
            arguments: object.get(template).cloned(),
            config: config.as_ref().map(cloned).unwrap_or_default(),
        }
    }
}

fn template_name(language: QueryLanguage) -> &'static str {
    match language {
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    }
}

fn cloned(object: &Object<'_>) -> JsonMap<String, Value> {
    object
        .entries()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}
