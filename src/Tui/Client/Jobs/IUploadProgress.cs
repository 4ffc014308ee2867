namespace JobCloud.Client.Jobs;

/// <summary>Receives how much of a file has been sent, until it is disposed of.</summary>
internal interface IUploadProgress : IDisposable
{
    /// <param name="sent">The bytes that the node has.</param>
    void Show(long sent);
}
