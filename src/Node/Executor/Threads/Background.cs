using JobCloud.Node.Executor.Processes;

namespace JobCloud.Node.Executor.Threads;

/// <summary>Runs work on another thread. A fault of it ends neither the executor nor other
/// work.</summary>
internal static class Background
{
    /// <param name="afterFault">Runs on the event-loop thread if the work failed, instead of what
    /// the work would have posted.</param>
    public static void Run(EventLoop loop, Func<Task> work, Action<Moment> afterFault) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            async _ =>
            {
                try
                {
                    await work();
                }
                catch (Exception e)
                {
                    loop.Report(e);
                    loop.Post(afterFault);
                }
            },
            null
        );
}
