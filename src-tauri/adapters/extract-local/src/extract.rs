//! The parent's side: children that read, one file after another.

use crate::{
    Limits,
    ending::{Last, ended, last_words},
    wire::{Ask, From, Picture, Request, Response},
};
use async_trait::async_trait;
use awm_api::Code;
use awm_ports::{
    ExtractError, ExtractRequest, Extracted, Extractor, PageImage, PageMark, PageRequest,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    ffi::OsString,
    path::PathBuf,
    process::Stdio,
    sync::{Mutex, MutexGuard, PoisonError},
    thread::available_parallelism,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, ChildStdout, Command},
    sync::Semaphore,
};

/// Reads files in child processes, one for each core at a time. Dropping a read kills its child.
pub struct Extract {
    program: PathBuf,
    arguments: Vec<OsString>,
    limits: Limits,
    pdfium: Option<PathBuf>,
    idle: Mutex<Vec<Worker>>,
    /// As many as there are cores: more would only wait for each other, with their time running.
    places: Semaphore,
    cores: usize,
}

struct Worker {
    // Killed when dropped.
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    last: Last,
    served: u32,
}

/// Files after which a child is renewed: what a library leaks is given back.
const FILES: u32 = 200;
/// Bytes of an answer that are no text: a picture, and what stands around text.
const ANSWER: u64 = 48 << 20;

impl Extract {
    /// Reads by children that run `program` with `arguments`; it must call [`worker_main`](crate::worker_main).
    pub fn new(program: PathBuf, arguments: Vec<OsString>, limits: Limits) -> Self {
        let cores = available_parallelism().map_or(2, std::num::NonZero::get);
        Self {
            program,
            arguments,
            limits,
            pdfium: None,
            idle: Mutex::default(),
            places: Semaphore::new(cores),
            cores,
        }
    }

    /// With the shared library of PDFium; without it PDFs are refused with `ComponentMissing`.
    #[must_use]
    pub fn with_pdfium(mut self, library: PathBuf) -> Self {
        self.pdfium = Some(library);
        self
    }

    async fn read(
        &self,
        name: &str,
        from: From,
        bytes: Option<Vec<u8>>,
    ) -> Result<Extracted, ExtractError> {
        // Closed by nobody; without a place it would still only be slower.
        let _place = self.places.acquire().await.ok();
        match self.serve(name, from, bytes, None).await? {
            Response::Read(text) => Ok(text.into()),
            Response::Drawn(_) => Err(crashed(name)),
            Response::Refused(refusal) => Err(refusal.into()),
        }
    }

    async fn serve(
        &self,
        name: &str,
        from: From,
        bytes: Option<Vec<u8>>,
        page: Option<Ask>,
    ) -> Result<Response, ExtractError> {
        let kept = self.idle().pop();
        let mut worker = match kept {
            Some(worker) => worker,
            None => self.start()?,
        };
        let request = Request {
            from,
            name: name.to_owned(),
            pdfium: self.pdfium.clone(),
            limits: self.limits.clone(),
            page,
        };
        let time = Duration::from_millis(self.limits.wall_ms);
        let most = self.limits.text_bytes as u64 * 4 + ANSWER;
        let answer = tokio::time::timeout(time, worker.serve(&request, bytes, most)).await;
        let response = match answer {
            Ok(Ok(response)) => response,
            // The worker is dropped here and below, which kills it: the next file gets a new one.
            Ok(Err(_)) => return Err(ended(name, &mut worker.child, &worker.last).await),
            Err(_) => {
                return Err(error(
                    Code::ExtractionTimeout,
                    format!(
                        "reading `{name}` took longer than {} seconds",
                        self.limits.wall_ms.div_ceil(1_000)
                    ),
                ));
            }
        };
        let is_sound =
            !matches!(&response, Response::Refused(refusal) if refusal.code == Code::ReaderCrashed);
        if is_sound && worker.served < FILES {
            let mut idle = self.idle();
            if idle.len() < self.cores {
                idle.push(worker);
            }
        }
        Ok(response)
    }

    fn start(&self) -> Result<Worker, ExtractError> {
        let missing = |what: String| {
            error(
                Code::ComponentMissing,
                format!(
                    "the reader `{}` can't be started: {what}",
                    self.program.display()
                ),
            )
        };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| missing(error.to_string()))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(Worker {
                last: last_words(child.stderr.take()),
                child,
                input,
                output,
                served: 0,
            }),
            _ => Err(missing("it has no pipes".into())),
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Extractor for Extract {
    async fn extract(&self, request: ExtractRequest) -> Result<Extracted, ExtractError> {
        self.read(&request.name, From::Path(request.path), None)
            .await
    }

    async fn extract_bytes(&self, name: &str, bytes: Vec<u8>) -> Result<Extracted, ExtractError> {
        if bytes.len() as u64 > self.limits.file_bytes {
            return Err(error(
                Code::FileTooLarge,
                format!("`{name}` has more than {} bytes", self.limits.file_bytes),
            ));
        }
        self.read(name, From::Frame, Some(bytes)).await
    }

    // Somebody looks at a screen: a page does not wait for the queue.
    async fn page_image(&self, request: PageRequest) -> Result<PageImage, ExtractError> {
        let ask = Ask {
            page: request.page,
            width: request.width,
            quote: request.quote,
        };
        let name = request.name.as_str();
        match self
            .serve(name, From::Path(request.path), None, Some(ask))
            .await?
        {
            Response::Drawn(picture) => drawn(picture).ok_or_else(|| crashed(name)),
            Response::Read(_) => Err(crashed(name)),
            Response::Refused(refusal) => Err(refusal.into()),
        }
    }
}

fn drawn(picture: Picture) -> Option<PageImage> {
    Some(PageImage {
        png: STANDARD.decode(picture.png).ok()?,
        width: picture.width,
        height: picture.height,
        pages: picture.pages,
        marks: picture
            .marks
            .into_iter()
            .map(|mark| PageMark {
                x: mark.x,
                y: mark.y,
                width: mark.width,
                height: mark.height,
            })
            .collect(),
    })
}

impl std::fmt::Debug for Extract {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Extract")
            .field("program", &self.program)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Worker {
    async fn serve(
        &mut self,
        request: &Request,
        bytes: Option<Vec<u8>>,
        most: u64,
    ) -> std::io::Result<Response> {
        self.served += 1;
        self.send(&serde_json::to_vec(request)?).await?;
        if let Some(bytes) = bytes {
            self.send(&bytes).await?;
        }
        self.input.flush().await?;
        let length = u64::from(self.output.read_u32_le().await?);
        if length > most {
            return Err(std::io::Error::other("the answer is too long"));
        }
        let mut frame = Vec::new();
        (&mut self.output)
            .take(length)
            .read_to_end(&mut frame)
            .await?;
        Ok(serde_json::from_slice(&frame)?)
    }

    async fn send(&mut self, frame: &[u8]) -> std::io::Result<()> {
        let length = u32::try_from(frame.len()).map_err(std::io::Error::other)?;
        self.input.write_u32_le(length).await?;
        self.input.write_all(frame).await
    }
}

fn error(code: Code, message: String) -> ExtractError {
    ExtractError { code, message }
}

fn crashed(name: &str) -> ExtractError {
    error(
        Code::ReaderCrashed,
        format!("the reader answered something else than was asked of `{name}`"),
    )
}
