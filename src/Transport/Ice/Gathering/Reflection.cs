using System.Threading.Tasks;

namespace Stack.Transport;

/// <summary>Waits until no base asks a STUN server any more.</summary>
internal sealed class Reflection
{
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Settled => _settled.Task;

    /// <summary>Whether all questions are planned that ever will be.</summary>
    public bool IsPlanned { get; set; }

    /// <summary>Looks. Under the driver's lock.</summary>
    public void Check(IceDriver driver)
    {
        if (!IsPlanned)
        {
            return;
        }

        foreach (IceBase one in driver.Bases.Values)
        {
            if (one.Probes?.IsAsking == true)
            {
                return;
            }
        }

        _settled.TrySetResult();
    }
}
