namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    /// <summary>Data in two parts.</summary>
    public readonly struct TrainTestData
    {
        /// <summary>The part to train with.</summary>
        public readonly IDataView TrainSet;

        /// <summary>The part to test with.</summary>
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}
