using JobCloud.Tui.FullScreen.Cloud;

namespace JobCloud.Tui.FullScreen.Hosting;

/// <summary>The screens: all that the program needs to know of them.</summary>
public interface IUserInterface
{
    /// <summary>Runs until the user leaves, or <see cref="Stop"/>.</summary>
    /// <returns>What the process should exit with.</returns>
    int Run(ICloud cloud, Options options);

    /// <summary>Leaves as if the user did; from any thread.</summary>
    void Stop();
}
