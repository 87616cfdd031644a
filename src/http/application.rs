//! Builds the service and runs it until it is told to stop.

use std::net::SocketAddr;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::App;
use actix_web::HttpServer;
use actix_web::dev::Server;
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web;
use actix_web::web::Data;
use tokio::sync::mpsc;
use utoipa_actix_web::AppExt as _;

use crate::catalog::Catalog;
use crate::http::gate;
use crate::http::operations;
use crate::http::options::Options;
use crate::http::refusal::Refusal;
use crate::http::reload;
use crate::http::routes;
use crate::http::served::InForce;
use crate::http::served::Served;
use crate::jobs::JobError;
use crate::jobs::Jobs;
use crate::jobs::Working;
use crate::model::Problem;

/// Why the service cannot start. The message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Unstartable {
    /// The address is taken.
    #[error("{0} is in use by another program: stop that, or choose another port with --port")]
    PortInUse(SocketAddr),
    /// The address cannot be listened on.
    #[error("{0} cannot be listened on ({1}): choose an address of this machine and a port above 1023")]
    Address(SocketAddr, std::io::ErrorKind),
    /// Keys and records would cross the network in the clear.
    #[error(
        "{0} can be reached from other machines, and nothing encrypts what is sent: set `behind_proxy = true` when a proxy that speaks TLS stands in front, or listen on 127.0.0.1"
    )]
    InTheClear(SocketAddr),
    /// Anybody could read the pages.
    #[error("pages without a key are for 127.0.0.1 only, not for {0}")]
    OpenPages(SocketAddr),
    /// The catalog's files cannot be read.
    #[error("{0}")]
    Files(#[from] crate::catalog::Unloadable),
    /// The store of jobs cannot be opened.
    #[error("{0}")]
    Jobs(#[from] JobError),
    /// The catalog has problems.
    #[error("the catalog has {} problems and was not loaded", .0.len())]
    Catalog(Vec<Problem>),
    /// The system gave us no threads or signals.
    #[error("the service cannot run here ({0})")]
    System(std::io::ErrorKind),
}

/// The service, listening and not yet answering.
pub struct Application {
    /// The port of the API and the pages.
    pub port: u16,
    /// The port of `/live`, `/ready` and `/metrics`.
    pub operations_port: u16,
    server: Server,
    operations: Server,
    served: Data<Served>,
    working: Option<Working>,
    asked: mpsc::Receiver<()>,
    ask: mpsc::Sender<()>,
}

/// Stops a running service, from any thread.
#[derive(Clone)]
pub struct Stop {
    server: ServerHandle,
    operations: ServerHandle,
    served: Data<Served>,
}

impl Stop {
    /// Lets requests in flight finish, then ends the service.
    pub async fn stop(&self) {
        self.served.set_ready(false);
        self.server.stop(true).await;
        self.operations.stop(false).await;
    }
}

impl Application {
    /// Loads the catalog and listens. Must be called within a tokio runtime.
    pub async fn build(options: Options) -> Result<Self, Unstartable> {
        let address = SocketAddr::new(options.address, options.port);
        if !options.address.is_loopback() {
            if options.open_pages {
                return Err(Unstartable::OpenPages(address));
            }
            if !options.behind_proxy {
                return Err(Unstartable::InTheClear(address));
            }
        }
        let (listener, port) = listen(address)?;
        let (operations_listener, operations_port) = listen(options.operations)?;
        let files = Served::files(&options)?;
        let catalog = Catalog::load(files, options.overlay.as_deref()).map_err(Unstartable::Catalog)?;
        let jobs = match &options.jobs {
            Some(jobs) => Some(Jobs::open(jobs.clone()).await?),
            None => None,
        };
        let working = jobs.as_ref().map(Jobs::work).transpose();
        let working = working.map_err(|error| Unstartable::System(error.kind()))?;
        let kept = match &jobs {
            Some(jobs) => jobs.waivers().await?,
            None => Vec::new(),
        };
        let in_force = InForce::of(Arc::new(catalog), &kept);
        let served = Data::new(Served::new(options, in_force, jobs));
        let main =
            serve(listener, Data::clone(&served)).map_err(|error| Unstartable::System(error.kind()))?;
        let operations = serve_operations(operations_listener, Data::clone(&served))
            .map_err(|error| Unstartable::System(error.kind()))?;
        let (ask, asked) = mpsc::channel(1);
        Ok(Self { port, operations_port, server: main, operations, served, working, asked, ask })
    }

    /// What stops it.
    pub fn stop_handle(&self) -> Stop {
        Stop {
            server: self.server.handle(),
            operations: self.operations.handle(),
            served: Data::clone(&self.served),
        }
    }

    /// Answers until it is stopped by [`Stop`], SIGTERM or SIGINT; SIGHUP reads the catalog again. Requests in flight finish.
    pub async fn run_until_stopped(self) -> Result<(), Unstartable> {
        let stop = self.stop_handle();
        let Self { server, operations, served, working, asked, ask, .. } = self;
        let waivers = tokio::spawn(reload::keep_waivers_fresh(Data::clone(&served)));
        let fresh = tokio::spawn(reload::keep_fresh(served, asked, ask.clone()));
        let signals = tokio::spawn(heed_signals(stop, ask));
        let (ended, operations_ended) = tokio::join!(server, operations);
        fresh.abort();
        waivers.abort();
        signals.abort();
        if let Some(working) = working {
            working.stop().await;
        }
        ended.and(operations_ended).map_err(|error| Unstartable::System(error.kind()))
    }
}

fn listen(address: SocketAddr) -> Result<(TcpListener, u16), Unstartable> {
    let told = |error: &std::io::Error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Unstartable::PortInUse(address),
        kind => Unstartable::Address(address, kind),
    };
    let listener = TcpListener::bind(address).map_err(|error| told(&error))?;
    let port = listener.local_addr().map_err(|error| told(&error))?.port();
    Ok((listener, port))
}

fn serve(listener: TcpListener, served: Data<Served>) -> std::io::Result<Server> {
    let (workers, connections) = (served.options.workers, served.options.connections);
    let stop_within = served.options.stop_within.as_secs();
    let app = move || {
        let (app, _) = App::new()
            .app_data(Data::clone(&served))
            .into_utoipa_app()
            .configure(routes::api)
            .map(|app| app.wrap(from_fn(gate::gate)))
            .split_for_parts();
        app.configure(routes::pages)
            .default_service(web::to(|| async { Err::<actix_web::HttpResponse, Refusal>(gate::not_found()) }))
    };
    let built = HttpServer::new(app)
        .workers(workers.max(1))
        .max_connections(connections)
        .client_request_timeout(Duration::from_secs(2))
        .client_disconnect_timeout(Duration::from_secs(2))
        .keep_alive(Duration::from_secs(5))
        .shutdown_timeout(stop_within)
        .disable_signals()
        .listen(listener)?;
    Ok(built.run())
}

fn serve_operations(listener: TcpListener, served: Data<Served>) -> std::io::Result<Server> {
    let app = move || App::new().app_data(Data::clone(&served)).configure(operations::routes);
    let built = HttpServer::new(app)
        .workers(1)
        .max_connections(64)
        .client_request_timeout(Duration::from_secs(2))
        .keep_alive(Duration::from_secs(5))
        .shutdown_timeout(1)
        .disable_signals()
        .listen(listener)?;
    Ok(built.run())
}

/// Stops at SIGTERM and SIGINT; asks for the catalog at SIGHUP.
async fn heed_signals(stop: Stop, ask: mpsc::Sender<()>) {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;
    let heard =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()), signal(SignalKind::hangup()));
    let (Ok(mut terminate), Ok(mut interrupt), Ok(mut hangup)) = heard else {
        tracing::error!("signals cannot be heard; the service ends only when it is killed");
        return;
    };
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => {
                let _ = ask.try_send(());
            }
        }
    }
    tracing::info!("stopping: requests in flight finish first");
    stop.stop().await;
}
